import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';
import type { NftPart } from './part.ts';
import { type NftSpec, rulesOfPart } from './spec.ts';

/**
 * The tracked connections that go on as our former rules said although the present ones say otherwise: those that a deleted
 * rule translates, and those that a new rule would translate. Unchanged rules have none.
 */
export function staleConntrack(
  before: NftSpec,
  after: NftSpec | null,
  parts: readonly NftPart[],
): readonly ConntrackMatch[] {
  if (before.byOthers) return [];
  // Destinations are translated before sources, as a packet meets them.
  return parts.toReversed().flatMap((part) =>
    part.staleConntrack({
      netns: before.netns,
      before: rulesOfPart(before, part),
      after: rulesOfPart(after, part),
    }),
  );
}
