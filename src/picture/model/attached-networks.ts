import { attachmentId, netnsId } from '../../model/ids.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabAttachment } from '../../model/lab-parts/lab-attachment.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { networkText } from '../../net/prefix.ts';
import type { BoxRow, PictureWire, StatusLookup, Switch } from './picture.ts';

/** The id of a CNI network in a picture. */
export const networkPartId = (network: string): string => `cni:${network}`;

/** The interfaces of a namespace that CNI plugins make, with the addresses that they will have. */
export const attachmentRows = ({ attachments }: Lab, netns: string, wordOf: StatusLookup): readonly BoxRow[] =>
  attachments
    .filter((one) => one.netns === netns)
    .map(({ dev, prefixes }): BoxRow => {
      const id = attachmentId(netns, dev);
      const texts = prefixes.length > 0 ? prefixes : ['address later'];
      return { id, ids: [id], sort: 'interface', name: dev, texts, word: wordOf(id) };
    });

/** A CNI network is drawn as the LAN that its plugins make, in the box of the machine. */
export const networkSwitches = ({ attachments }: Lab): readonly Switch[] =>
  [...groupBy(attachments, ({ network }) => network)].map(([network, all]): Switch => {
    const subnets = [...new Set(all.flatMap(({ prefixes }) => prefixes.map(networkText)))];
    return {
      id: networkPartId(network),
      place: 'host',
      name: network,
      subnets,
      vlans: [],
      addresses: [],
      ids: [],
      word: null,
    };
  });

/** The line of each interface to its network says which plugins make it. */
export const networkWires = ({ attachments }: Lab, wordOf: StatusLookup): readonly PictureWire[] =>
  attachments.map((one): PictureWire => {
    const { netns, dev, network } = one;
    const id = attachmentId(netns, dev);
    return {
      ...{ id: `wire:${id}`, ids: [id], subnets: [], towards: null, word: wordOf(id) },
      ends: [
        { node: netnsId(netns), port: dev },
        { node: networkPartId(network), port: null },
      ],
      overlay: null,
      note: `CNI ${pluginsText(one)}`,
    };
  });

const pluginsText = ({ config: { plugins } }: LabAttachment): string => plugins.map(({ type }) => type).join(', ');
