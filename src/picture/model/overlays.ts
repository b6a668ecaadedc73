import { linkId } from '../../model/ids.ts';
import type { Lab, LabLink } from '../../model/lab.ts';
import { type ChangeStatus, mergeStatuses, type PictureWire } from './picture.ts';

type OverlayContext = {
  readonly wordOf: (id: string) => ChangeStatus | null;
  readonly endOf: (link: LabLink) => PictureWire['ends'][0];
};

/** One line for each pair of links that are on one LAN by their kinds: the ends of a tunnel, VLANs of one number. */
export function overlayWires(lab: Lab, { wordOf, endOf }: OverlayContext): readonly PictureWire[] {
  const links = new Map(lab.links.map((link) => [`${link.netns}/${link.name}`, link]));
  const drawn = new Set<string>();
  return lab.links.flatMap((one) =>
    (one.meets ?? []).flatMap(({ netns, name }): PictureWire[] => {
      const other = links.get(`${netns}/${name}`);
      if (!other || isOnNic(one)) return [];
      const pair = lab.links.indexOf(one) < lab.links.indexOf(other) ? [one, other] : [other, one];
      const [first = one, second = other] = pair;
      const ids = [first, second].map(linkId);
      const id = ids.join(' ');
      if (drawn.has(id)) return [];
      drawn.add(id);
      const words = ids.map(wordOf);
      const word = words[0] === words[1] ? (words[0] ?? null) : mergeStatuses(words.flatMap((one) => one ?? []));
      const ends = [endOf(first), endOf(second)] as const;
      const subnets = overlaySubnets(lab, first);
      return [{ id, ids, ends, subnets, towards: null, word, overlay: first.caption }];
    }),
  );
}

/** A link with a line of its own to a NIC of the host. */
const isOnNic = ({ lower, netns, tunnel }: LabLink): boolean =>
  tunnel === null && lower !== null && lower.netns !== netns;

/** A line from each link to the one below it, where that is a NIC of the host and the link is in a namespace. */
export function lowerWires(lab: Lab, { wordOf, endOf }: OverlayContext): readonly PictureWire[] {
  return lab.links.flatMap((link): PictureWire[] => {
    const { lower, caption } = link;
    if (lower === null || !isOnNic(link)) return [];
    const id = linkId(link);
    const ends = [endOf(link), { node: `nic:${lower.name}`, port: null }] as const;
    return [{ id, ids: [id], ends, subnets: [], towards: null, word: wordOf(id), overlay: caption }];
  });
}

const overlaySubnets = (lab: Lab, { netns, name, master }: LabLink): readonly string[] =>
  master === null
    ? (lab.lans.find(
        ({ bridge, members }) => bridge === null && members.some((one) => one.netns === netns && one.dev === name),
      )?.subnets ?? [])
    : [];
