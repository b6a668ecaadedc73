import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabMember } from '../../model/values/link-relations.ts';
import { bridgePhrase, linkPhrase } from '../phrases.ts';

/** A link that the lab creates. */
export type LinkSummary = {
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
export function linkSummaries(lab: Lab): readonly LinkSummary[] {
  const kept = links.get(lab);
  if (kept) return kept;
  const made = makeLinks(lab);
  links.set(lab, made);
  return made;
}

/** `red/eth0`: the key that links, members and addresses of a lab share. */
export const linkSummaryKey = (link: { readonly netns: string; readonly name: string }): string =>
  `${link.netns}/${link.name}`;

const links = new WeakMap<Lab, readonly LinkSummary[]>();

function makeLinks(lab: Lab): readonly LinkSummary[] {
  const ports: LinkSummary[] = [];
  const ends = lab.cables.flatMap(({ ends: [left, right], at }) => {
    const named = linkOf(left, linkPhrase(left.netns, left.label), at);
    if (right.master === null || right.hasMacOfMaster)
      return [named, linkOf(right, linkPhrase(right.netns, right.label), at)];
    ports.push(linkOf(right, `the port of ${named.words}`, at));
    return [named];
  });
  const bridges = lab.bridges.map((bridge) => linkOf(bridge, bridgePhrase(bridge.netns, bridge.label), bridge.at));
  const existing = lab.existing.map(({ name, at }) =>
    linkOf({ netns: 'host', name, mac: null, mtu: null }, linkPhrase('host', name), at),
  );
  const own = lab.links.map((one) => linkOf(one, linkPhrase(one.netns, one.label), one.at));
  return [...bridges, ...existing, ...ends, ...own, ...ports];
}

const linkOf = (
  { netns, name, mac, mtu, hasMacOfMaster }: Omit<LinkSummary, 'words' | 'at'> & LabMember,
  words: string,
  at: Path,
): LinkSummary => ({ netns, name, words, mac: hasMacOfMaster ? '' : mac, mtu, at });
