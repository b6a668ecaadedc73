import type { Lab, LabEnd } from '../model/lab.ts';
import type { Path } from '../model/place.ts';
import { bridgeWords, linkWords } from './words.ts';

/** A link that the lab makes. */
export type LabLink = {
  readonly netns: string;
  readonly name: string;
  /** `bridge v-net-0`, `red:eth0`, `the port of red:eth0`. */
  readonly words: string;
  readonly mac: string | null;
  /** Null: the kernel's default. */
  readonly mtu: number | null;
  readonly at: Path;
};

/** Every link of the lab: those that the user named first, the automatic bridge ports last. */
export function linksOf(lab: Lab): readonly LabLink[] {
  const ends = lab.cables.flatMap(({ ends: [left, right], at }) => [
    { ...linkOf(left, linkWords(left.netns, left.label)), at, last: false },
    isPort(right)
      ? { ...linkOf(right, `the port of ${linkWords(left.netns, left.label)}`), at, last: true }
      : { ...linkOf(right, linkWords(right.netns, right.label)), at, last: false },
  ]);
  return [
    ...lab.bridges.map((bridge) => ({ ...linkOf(bridge, bridgeWords(bridge.netns, bridge.label)), at: bridge.at })),
    ...lab.existing.map(({ name, at }) => ({
      ...linkOf({ netns: 'host', name, mac: null, mtu: null }, linkWords('host', name)),
      at,
    })),
    ...ends.filter((end) => !end.last),
    ...ends.filter((end) => end.last),
  ];
}

/** `red/eth0`: the key by which links, members and addresses of a lab meet. */
export const linkKey = (link: { readonly netns: string; readonly name: string }): string =>
  `${link.netns}/${link.name}`;

const isPort = (end: LabEnd): boolean => end.master !== null;

function linkOf(
  link: {
    readonly netns: string;
    readonly name: string;
    readonly mac: string | null;
    readonly mtu: number | null;
  },
  words: string,
): Omit<LabLink, 'at'> {
  return { netns: link.netns, name: link.name, words, mac: link.mac, mtu: link.mtu };
}
