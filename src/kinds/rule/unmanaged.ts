import { sameJson } from '../../model/json.ts';
import { RTPROT_KERNEL } from '../../model/kernel/rtnetlink.ts';
import type { ManagedNetns, UnmanagedObject } from '../../model/kind.ts';
import { managedSpecs } from '../managed-netns.ts';
import { ruleText } from './describe.ts';
import type { RuleSpec } from './spec.ts';

/** Rules that are not in the file and not the kernel's own. */
export function findUnmanagedRules(place: ManagedNetns): readonly UnmanagedObject[] {
  const { netns, there } = place;
  const known = managedSpecs<RuleSpec>(place, 'rule');
  return there.rules
    .filter(({ protocol }) => protocol !== RTPROT_KERNEL)
    .filter(({ protocol: _protocol, ...rule }) => !known.some((one) => sameJson(one, rule)))
    .map((rule) => ({
      netns,
      noun: 'rule',
      name: String(rule.priority),
      text: ruleText(rule),
      remove: { do: 'rule.delete', netns, rule },
    }));
}
