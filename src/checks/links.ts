import type { Lab } from '../model/lab.ts';
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
  const kept = links.get(lab);
  if (kept) return kept;
  const made = makeLinks(lab);
  links.set(lab, made);
  return made;
}

/** `red/eth0`: the key by which links, members and addresses of a lab meet. */
export const linkKey = (link: { readonly netns: string; readonly name: string }): string =>
  `${link.netns}/${link.name}`;

const links = new WeakMap<Lab, readonly LabLink[]>();

function makeLinks(lab: Lab): readonly LabLink[] {
  const ports: LabLink[] = [];
  const ends = lab.cables.flatMap(({ ends: [left, right], at }) => {
    const named = linkOf(left, linkWords(left.netns, left.label), at);
    if (right.master === null) return [named, linkOf(right, linkWords(right.netns, right.label), at)];
    ports.push(linkOf(right, `the port of ${named.words}`, at));
    return [named];
  });
  const bridges = lab.bridges.map((bridge) => linkOf(bridge, bridgeWords(bridge.netns, bridge.label), bridge.at));
  const existing = lab.existing.map(({ name, at }) =>
    linkOf({ netns: 'host', name, mac: null, mtu: null }, linkWords('host', name), at),
  );
  const vxlans = lab.vxlans.map((one) => linkOf(one, linkWords(one.netns, one.label), one.at));
  return [...bridges, ...existing, ...ends, ...vxlans, ...ports];
}

const linkOf = ({ netns, name, mac, mtu }: Omit<LabLink, 'words' | 'at'>, words: string, at: Path): LabLink => ({
  netns,
  name,
  words,
  mac,
  mtu,
  at,
});
