import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { LabRule } from '../../model/lab.ts';
import type { TopologyNetns, TopologyRule, TopologyValue } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { type Family, IP_FAMILIES, type LabModel } from '../model.ts';
import { resolveDevice } from '../wiring/resolve-device.ts';

const FIRST_PRIORITY = 1000;
const PRIORITY_STEP = 10;

/** The policy rules of a namespace; one that names no prefix is for both families. Priorities from 1000 in steps of 10. */
export function resolveRules(world: LabModel, netns: TopologyNetns): readonly LabRule[] {
  return netns.rules.flatMap((rule, index) => {
    const families = ruleFamilies(world, rule);
    const iif = deviceName(world, netns, rule.iif);
    const oif = deviceName(world, netns, rule.oif);
    if (iif === undefined || oif === undefined) return [];
    return families.map((family) => ({
      netns: netns.name,
      family,
      from: rule.from?.value ?? null,
      to: rule.to?.value ?? null,
      iif,
      oif,
      mark: rule.mark,
      table: rule.table,
      priority: rule.priority ?? FIRST_PRIORITY + PRIORITY_STEP * index,
      action: rule.action,
      at: rule.at,
    }));
  });
}

function ruleFamilies({ report }: LabModel, { from, to }: TopologyRule): readonly Family[] {
  const named = from ?? to;
  if (!named) return IP_FAMILIES;
  const family = familyOf(named.value);
  if (!to || familyOf(to.value) === family) return [family];
  const message = `cannot mix IPv4 and IPv6: ${named.value}, ${to.value}`;
  report(makeDiagnostic('mixed-families', atValue(to.at), message, { hint: 'write one rule per family' }));
  return [];
}

/** Null: not written; undefined: written and unknown. */
function deviceName(
  world: LabModel,
  netns: TopologyNetns,
  dev: TopologyValue<string> | null,
): string | null | undefined {
  return dev === null ? null : resolveDevice(world, netns.name, dev)?.name;
}
