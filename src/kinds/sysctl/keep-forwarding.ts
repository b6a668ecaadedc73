import {
  findForeignForwarding,
  foreignForwardingNeeds,
  foreignForwardingUses,
} from '../../firewall/foreign-forwarding.ts';
import type { LiveState, Query } from '../../model/kernel/need.ts';
import type { KindContext, StateEntry } from '../../model/kind.ts';
import { forwardedFamily } from './forwarding.ts';
import type { SysctlSpec } from './spec.ts';

/** The needs for whether a switch that the lab gives up can be turned off; empty unless the lab turned it on. */
export const keepForwardingNeeds = ({ recorded, releasing }: KindContext<SysctlSpec>): Query =>
  releasing && recorded && isTurnedOn(recorded) ? foreignForwardingNeeds(recorded.netns) : [];

/**
 * What else forwards packets where the lab turned forwarding on; null: nothing, or the lab did not turn it on. Another
 * program that finds forwarding on leaves it so, and nothing but its rules says that it relies on it.
 */
export function foreignForwarding(
  recorded: StateEntry<SysctlSpec>,
  live: SysctlSpec,
  machine: LiveState,
): string | null {
  const family = forwardedFamily(recorded.spec.key);
  if (family === null || !isTurnedOn(recorded) || live.value !== recorded.spec.value) return null;
  return findForeignForwarding(machine, { netns: recorded.netns, family, except: recorded.priorUses ?? [] });
}

/** The needs for what uses a switch that the lab is about to turn on; empty for anything else. */
export const priorUseNeeds = (spec: SysctlSpec, { recorded }: KindContext<SysctlSpec>): Query =>
  recorded === null && forwardedFamily(spec.key) !== null && spec.value !== '0'
    ? foreignForwardingNeeds(spec.netns)
    : [];

/** What has rules for forwarding although the switch is still off, and so does not rely on it. */
export function priorForwardingUses(live: LiveState, wanted: SysctlSpec, found: string): readonly string[] {
  const family = forwardedFamily(wanted.key);
  if (family === null || found !== '0' || wanted.value === '0') return [];
  return foreignForwardingUses(live, { netns: wanted.netns, family });
}

const isTurnedOn = ({ spec, before }: StateEntry<SysctlSpec>): boolean =>
  forwardedFamily(spec.key) !== null && spec.value !== '0' && before?.value === '0';
