import { sameJson } from '../../model/json.ts';
import type { Extra, PlaceOfExtras } from '../../model/kind.ts';
import { specsOf } from '../known.ts';
import { ruleText } from './describe.ts';
import type { RuleSpec } from './spec.ts';

/** Rules that are not in the file and not the kernel's own. */
export function extraRules(place: PlaceOfExtras): readonly Extra[] {
  const { netns, there } = place;
  const known = specsOf<RuleSpec>(place, 'rule');
  return there.rules
    .filter(({ protocol }) => protocol !== KERNEL)
    .filter(({ protocol: _protocol, ...rule }) => !known.some((one) => sameJson(one, rule)))
    .map((rule) => ({
      ...{ netns, noun: 'rule', name: String(rule.priority), text: ruleText(rule) },
      remove: { do: 'rule.delete', netns, rule },
    }));
}

// linux/rtnetlink.h, RTPROT_KERNEL
const KERNEL = 2;
