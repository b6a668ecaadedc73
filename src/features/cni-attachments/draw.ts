import { attachmentId, netnsId } from '../../model/ids.ts';
import type { LabAttachment, LabPublication } from '../../model/lab-parts/lab-attachment.ts';
import { bracketIpv6 } from '../../net/address.ts';
import { portRangeText } from '../../net/port-range.ts';
import { networkPartId } from '../../picture/model/attached-networks.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';

/** What plugins do at the edge of the machine: ports that lead to a namespace, and networks that go out masqueraded. */
export const attachmentDrawing: FeatureDrawing = {
  rows: () => [],
  gates: ({ lab, statuses }) => [
    ...lab.publications.map((one, i) => {
      const id = attachmentId(one.netns, one.dev);
      return {
        ...{ id: `cni-forward:${i}`, ids: [id], word: statuses.get(id) ?? null },
        ...{ sort: 'forward' as const, name: listenText(one), text: `${one.netns}:${portRangeText(one.ports)} by CNI` },
        ...{ inner: netnsId(one.netns), outer: null },
      };
    }),
    ...masqueradedNetworks(lab.attachments).map((network) => ({
      ...{
        id: `cni-nat:${network}`,
        ids: [],
        word: null,
        sort: 'nat' as const,
        name: 'masquerade',
        text: `${network} by CNI`,
      },
      ...{ inner: networkPartId(network), outer: null },
    })),
  ],
};

/** `:8080/tcp`. */
const listenText = ({ address, hostPorts, protocols }: LabPublication): string =>
  `${address === null ? '' : bracketIpv6(address)}:${portRangeText(hostPorts)}/${protocols.join('+')}`;

const masqueradedNetworks = (all: readonly LabAttachment[]): readonly string[] => [
  ...new Set(
    all.flatMap(({ network, config: { plugins } }) => (plugins.some(({ ipMasq }) => ipMasq === true) ? [network] : [])),
  ),
];
