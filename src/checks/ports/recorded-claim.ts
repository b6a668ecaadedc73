import { isJsonObject, type Json } from '../../model/json.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';

/** Whether a lab has a port already: rules of its nftables table in the state are for all of the claim. */
export const isRecordedClaim = (claim: LabPortClaim, recorded: readonly StateEntry[]): boolean =>
  recorded
    .filter(({ kind, netns }) => kind === 'nft' && netns === claim.netns)
    .flatMap(({ spec }) => Object.values(spec).flatMap((part): readonly Json[] => (Array.isArray(part) ? part : [])))
    .some((rule) => isRuleOf(claim, rule));

function isRuleOf({ family, address, ports, protocols }: LabPortClaim, rule: Json): boolean {
  if (!isJsonObject(rule) || !isJsonObject(rule['ports']) || !Array.isArray(rule['protocols'])) return false;
  const { first, last } = rule['ports'];
  const known = rule['protocols'];
  return (
    rule['family'] === family &&
    (rule['address'] ?? null) === address &&
    Number(first) <= ports.first &&
    Number(last) >= ports.last &&
    protocols.every((protocol) => known.includes(protocol))
  );
}

/** The first for each place in the file: a claim of two families has one place. */
export function firstOfEachPlace<T extends { readonly claim: LabPortClaim }>(rivals: readonly T[]): readonly T[] {
  const first = new Map<string, T>();
  for (const rival of rivals) {
    const place = rival.claim.at.join('/');
    if (!first.has(place)) first.set(place, rival);
  }
  return [...first.values()];
}
