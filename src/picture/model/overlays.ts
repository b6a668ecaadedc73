import { linkId } from '../../model/ids.ts';
import type { Lab, LabLink } from '../../model/lab.ts';
import { type ChangeStatus, mergeStatuses, type PictureWire } from './picture.ts';

type OverlayContext = {
  readonly wordOf: (id: string) => ChangeStatus | null;
  readonly endOf: (link: LabLink) => PictureWire['ends'][0];
};

/** One line for each pair of tunnels of one kind and key, where one sends to an address of the other's namespace. */
export function overlayWires(lab: Lab, { wordOf, endOf }: OverlayContext): readonly PictureWire[] {
  const holders = new Map<string, Set<string>>();
  for (const { netns, prefixes } of lab.addresses) {
    for (const prefix of prefixes) {
      const address = prefix.split('/')[0] ?? prefix;
      holders.set(address, (holders.get(address) ?? new Set()).add(netns));
    }
  }
  const leads = (from: LabLink, to: LabLink): boolean =>
    from.kind === to.kind &&
    from.tunnel !== null &&
    from.tunnel.key === to.tunnel?.key &&
    from.tunnel.remotes.some((remote) => holders.get(remote)?.has(to.netns));
  return lab.links.flatMap((one, i) =>
    lab.links
      .slice(i + 1)
      .filter((other) => leads(one, other) || leads(other, one))
      .map((other): PictureWire => {
        const ids = [one, other].map(linkId);
        const words = ids.map(wordOf);
        const word = words[0] === words[1] ? (words[0] ?? null) : mergeStatuses(words.flatMap((one) => one ?? []));
        const ends = [endOf(one), endOf(other)] as const;
        return {
          id: ids.join(' '),
          ids,
          ends,
          subnets: overlaySubnets(lab, one),
          towards: null,
          word,
          overlay: one.caption,
        };
      }),
  );
}

/** A line from each link to the one below it, where that is a NIC of the host and the link is in a namespace. */
export function lowerWires(lab: Lab, { wordOf, endOf }: OverlayContext): readonly PictureWire[] {
  return lab.links.flatMap((link): PictureWire[] => {
    const { lower, netns, caption } = link;
    if (lower === null || lower.netns === netns) return [];
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
