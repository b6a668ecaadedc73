import { problem } from '../model/diagnostic.ts';
import type { LabRule } from '../model/lab.ts';
import { atValue } from '../model/place.ts';
import type { At, Netns, Rule } from '../model/topology.ts';
import { familyOf } from '../net/address.ts';
import { deviceOf } from './devices.ts';
import { FAMILIES, type Family, type World } from './world.ts';

const FIRST_PRIORITY = 1000;
const PRIORITY_STEP = 10;

/** The policy rules of a namespace; one that names no prefix is for both families. Priorities from 1000 in steps of 10. */
export function rulesOf(world: World, netns: Netns): readonly LabRule[] {
  return netns.rules.flatMap((rule, index) => {
    const families = familiesOf(world, rule);
    const iif = nameOf(world, netns, rule.iif);
    const oif = nameOf(world, netns, rule.oif);
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

function familiesOf({ report }: World, { from, to }: Rule): readonly Family[] {
  const named = from ?? to;
  if (!named) return FAMILIES;
  const family = familyOf(named.value);
  if (!to || familyOf(to.value) === family) return [family];
  const message = `${named.value} and ${to.value} are of two families`;
  report(problem('mixed-families', atValue(to.at), message, { hint: 'write one rule a family' }));
  return [];
}

/** Null: not written; undefined: written and unknown. */
function nameOf(world: World, netns: Netns, dev: At<string> | null): string | null | undefined {
  return dev === null ? null : deviceOf(world, netns.name, dev)?.name;
}
