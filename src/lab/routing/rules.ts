import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { LabRule } from '../../model/lab.ts';
import type { RuleSelector, TopologyNetns, TopologyRule, TopologyValue } from '../../model/topology.ts';
import { addressBits, familyOf } from '../../net/address.ts';
import { formatPrefix } from '../../net/prefix.ts';
import { namedSubnetPrefixes } from '../addressing/subnets.ts';
import { formatRef } from '../messages.ts';
import { type Family, IP_FAMILIES, type LabModel } from '../model.ts';
import { resolveNameAddresses } from '../naming/resolve-name.ts';
import { resolveDevice } from '../wiring/resolve-device.ts';

const FIRST_PRIORITY = 1000;
const PRIORITY_STEP = 10;

/** The policy rules of a namespace; one that names no prefix is for both families. Priorities from 1000 in steps of 10. */
export function resolveRules(world: LabModel, netns: TopologyNetns): readonly LabRule[] {
  return netns.rules.flatMap((rule, index) => {
    const iif = deviceName(world, netns, rule.iif);
    const oif = deviceName(world, netns, rule.oif);
    if (iif === undefined || oif === undefined) return [];
    return selectorPairs(world, netns, rule).map(({ family, from, to }) => ({
      netns: netns.name,
      ...{ family, from, to, iif, oif },
      mark: rule.mark,
      table: rule.table,
      priority: rule.priority ?? FIRST_PRIORITY + PRIORITY_STEP * index,
      action: rule.action,
      ...(Object.keys(rule.options).length > 0 ? { options: rule.options } : {}),
      at: rule.at,
    }));
  });
}

type SelectorPair = { readonly family: Family; readonly from: string | null; readonly to: string | null };

/**
 * What a rule is for: a pair for each prefix that its names stand for, in each family that both sides have. A prefix of
 * length 0 is everything of its family, which the kernel keeps as no prefix at all.
 */
function selectorPairs(world: LabModel, netns: TopologyNetns, rule: TopologyRule): readonly SelectorPair[] {
  const from = resolveSelector(world, netns, rule.from);
  const to = resolveSelector(world, netns, rule.to);
  if (!from || !to) return [];
  const families = rule.options.realms === undefined ? IP_FAMILIES : ([4] as const);
  const pairs = families.flatMap((family) =>
    ofFamily(from, family).flatMap((source) =>
      ofFamily(to, family).map((target) => ({ family, from: whole(source), to: whole(target) })),
    ),
  );
  if (pairs.length === 0) reportMixedFamilies(world, rule, from === 'all' ? to : from);
  return pairs;
}

type SelectorPrefixes = 'all' | readonly string[];

const ofFamily = (prefixes: SelectorPrefixes, family: Family): readonly (string | null)[] =>
  prefixes === 'all' ? [null] : prefixes.filter((prefix) => familyOf(prefix) === family);

const whole = (prefix: string | null): string | null => (prefix?.endsWith('/0') ? null : prefix);

/** Null, and reported: the name is unknown. */
function resolveSelector(
  world: LabModel,
  netns: TopologyNetns,
  selector: TopologyValue<RuleSelector> | null,
): SelectorPrefixes | null {
  if (!selector) return 'all';
  const { value, at } = selector;
  if ('prefix' in value) return [value.prefix];
  const { ref } = value;
  if (!world.wiring.devices.has(ref.name)) {
    const bridge = world.wiring.bridges.find((one) => one.netns === netns.name && one.label === ref.name && !ref.part);
    const host = world.wiring.bridges.find((one) => one.netns === 'host' && one.label === ref.name && !ref.part);
    const lan = bridge ?? host;
    if (lan) return (world.segmentByLink.get(lan)?.subnets ?? []).map(({ text }) => text);
    const subnet = world.topology.subnets.find(({ name }) => name === ref.name && !ref.part);
    if (subnet) return namedSubnetPrefixes(subnet).map(({ prefix }) => formatPrefix(prefix));
  }
  const all = resolveNameAddresses(world, { value: ref, at });
  return all && [...new Set(all.map(({ address, prefix }) => `${address}/${addressBits(prefix.family)}`))];
}

function reportMixedFamilies({ report }: LabModel, { from, to, options }: TopologyRule, first: SelectorPrefixes): void {
  const named = to ?? from;
  if (!named) return;
  const words = 'prefix' in named.value ? named.value.prefix : formatRef(named.value.ref);
  const message =
    options.realms === undefined
      ? `cannot mix IPv4 and IPv6: ${first === 'all' ? 'all' : first[0]}, ${words}`
      : `realms are of IPv4 alone: ${words} has none`;
  report(makeDiagnostic('mixed-families', atValue(named.at), message, { hint: 'write one rule per family' }));
}

/** Null: not written; undefined: written and unknown. */
function deviceName(
  world: LabModel,
  netns: TopologyNetns,
  dev: TopologyValue<string> | null,
): string | null | undefined {
  return dev === null ? null : resolveDevice(world, netns.name, dev)?.name;
}
