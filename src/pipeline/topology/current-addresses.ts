import type { Spec } from '../../model/json.ts';
import type { CurrentAddresses } from '../../model/lab.ts';
import type { Machine } from '../../model/machine.ts';
import { isName } from '../../net/name.ts';
import { readState } from '../../store/state.ts';
import type { Session } from '../session.ts';

/**
 * The addresses that exist already: those that a lab's state records, so that automatic addresses stay the same, and those
 * of the host's links, so that next hops on the host are found.
 */
export function currentAddresses({ machine, store }: Session, lab: string): CurrentAddresses {
  // A name that cannot be one is reported with the rest of the file's mistakes.
  const resources = isName(lab) ? (readState(store, lab)?.resources ?? []) : [];
  const recorded = resources.flatMap(({ netns, spec }) => {
    const prefixes = specPrefixes(spec);
    return prefixes === null ? [] : [{ key: `${netns}/${spec['dev']}`, prefixes }];
  });
  const sticky: Record<string, readonly string[]> = { 'host/lo': [] };
  for (const { key, prefixes } of [...recorded, ...hostAddresses(machine)]) {
    sticky[key] = [...new Set([...(sticky[key] ?? []), ...prefixes])];
  }
  return sticky;
}

function specPrefixes({ dev, prefixes }: Spec): readonly string[] | null {
  if (typeof dev !== 'string' || !Array.isArray(prefixes)) return null;
  return prefixes.filter((prefix) => typeof prefix === 'string');
}

function hostAddresses(machine: Machine) {
  const need = { need: 'addresses', netns: 'host' } as const;
  return (machine.read([need]).get(need) ?? []).map(({ dev, prefix }) => ({ key: `host/${dev}`, prefixes: [prefix] }));
}
