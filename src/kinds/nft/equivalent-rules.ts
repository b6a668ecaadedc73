import { parseRulesetNat } from '../../firewall/nft-parse/nat.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { KindContext } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { foreignObservation, ownObservation } from '../observation.ts';
import type { NftPart } from './part.ts';
import { type NftSpec, rulesOfPart } from './spec.ts';

/** Whether unmanaged rules can stand for ours: while adopting, and where such rules were adopted. */
export const allowsEquivalentRules = ({ adopting, recorded }: KindContext<NftSpec>): boolean =>
  adopting === true || recorded?.spec.byOthers === true;

/** What is wanted, or else what is recorded, when unmanaged rules do all of it; null: they do not. */
export function observeEquivalentRules(
  live: LiveState,
  resource: Resource<NftSpec>,
  { context, parts }: { readonly context: KindContext<NftSpec>; readonly parts: readonly NftPart[] },
): Observation<NftSpec> | null {
  if (!allowsEquivalentRules(context)) return null;
  const ruleset = parseRulesetNat(live.get({ need: 'ruleset', netns: resource.netns }) ?? '');
  const found = parts.map((part) => ({ part, keys: new Set(part.equivalent.found(ruleset)) }));
  const recorded = context.recorded?.spec;
  const done = [resource.spec, ...(recorded ? [recorded] : [])].find((spec) =>
    found.every(({ part, keys }) =>
      rulesOfPart(spec, part).every((rule) => part.equivalent.keys(rule).every((key) => keys.has(key))),
    ),
  );
  if (!done) return null;
  const spec: NftSpec = { ...done, byOthers: true };
  return context.recorded ? ownObservation(spec) : foreignObservation(spec, 'other rules do the same');
}
