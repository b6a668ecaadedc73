import type { PortRange } from '../../model/topology.ts';
import { parsePrefix, prefixContains } from '../../net/prefix.ts';

/** Networks (canonical text) without those that are inside of others, each once: nft takes no overlaps in one set. */
export function withoutContained(networks: readonly string[]): readonly string[] {
  const all = [...new Set(networks)].flatMap((text) => {
    const prefix = parsePrefix(text);
    return prefix === null ? [] : [{ text, prefix }];
  });
  const widest = all.toSorted((a, b) => a.prefix.length - b.prefix.length);
  const kept: typeof widest = [];
  for (const one of widest)
    if (!kept.some(({ prefix }) => prefix.family === one.prefix.family && prefixContains(prefix, one.prefix)))
      kept.push(one);
  const texts = new Set(kept.map(({ text }) => text));
  return all.map(({ text }) => text).filter((text) => texts.has(text));
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
