import { vxlanId } from '../../model/ids.ts';
import type { Lab, LabVxlan } from '../../model/lab.ts';
import { type ChangeStatus, mergeStatuses, type PictureWire } from './picture.ts';

type OverlayContext = {
  readonly wordOf: (id: string) => ChangeStatus | null;
  readonly endOf: (vxlan: LabVxlan) => PictureWire['ends'][0];
};

/** One line for each pair of vxlans with the same number and port, where one sends to an address of the other's namespace. */
export function overlayWires(lab: Lab, { wordOf, endOf }: OverlayContext): readonly PictureWire[] {
  const holders = new Map<string, Set<string>>();
  for (const { netns, prefixes } of lab.addresses) {
    for (const prefix of prefixes) {
      const address = prefix.split('/')[0] ?? prefix;
      holders.set(address, (holders.get(address) ?? new Set()).add(netns));
    }
  }
  const leads = (from: LabVxlan, to: LabVxlan): boolean =>
    from.id === to.id && from.port === to.port && (holders.get(from.remote)?.has(to.netns) ?? false);
  return lab.vxlans.flatMap((one, i) =>
    lab.vxlans
      .slice(i + 1)
      .filter((other) => leads(one, other) || leads(other, one))
      .map((other): PictureWire => {
        const ids = [one, other].map(({ netns, name }) => vxlanId(netns, name));
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
          overlay: one.id,
        };
      }),
  );
}

const overlaySubnets = (lab: Lab, { netns, name, master }: LabVxlan): readonly string[] =>
  master === null
    ? (lab.lans.find(
        ({ bridge, members }) => bridge === null && members.some((one) => one.netns === netns && one.dev === name),
      )?.subnets ?? [])
    : [];
