import type { PortRange } from '../../model/topology.ts';
import { firstAddress, type Prefix, parsePrefix, prefixContains } from '../../net/prefix.ts';

/** Networks (canonical text) without those that are inside of others, each once: nft takes no overlaps in one set. */
export function withoutContained(networks: readonly string[]): readonly string[] {
  const all = [...new Set(networks)].flatMap((text) => {
    const prefix = parsePrefix(text);
    return prefix === null ? [] : [{ text, prefix }];
  });
  // Of two networks one contains the other, or they have nothing in common: in order, the last one kept is the only candidate.
  const ordered = all.toSorted((a, b) => compare(a.prefix, b.prefix));
  const kept: typeof ordered = [];
  for (const one of ordered) {
    const last = kept.at(-1);
    if (last === undefined || !prefixContains(last.prefix, one.prefix)) kept.push(one);
  }
  const texts = new Set(kept.map(({ text }) => text));
  return all.map(({ text }) => text).filter((text) => texts.has(text));
}

function compare(a: Prefix, b: Prefix): number {
  if (a.family !== b.family) return a.family - b.family;
  const [first, second] = [firstAddress(a), firstAddress(b)];
  return first === second ? a.length - b.length : first < second ? -1 : 1;
}

/** Ranges of ports, those that overlap or follow each other joined, in their order. */
export function withoutOverlaps(ranges: readonly PortRange[]): readonly PortRange[] {
  const joined: { first: number; last: number }[] = [];
  for (const { first, last } of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else joined.push({ first, last });
  }
  return joined;
}
