import { netnsId } from '../model/ids.ts';
import type { Instruction } from '../model/instruction.ts';
import type { Extra } from '../model/kind.ts';
import type { Query } from '../model/live.ts';
import type { Machine } from '../model/machine.ts';
import type { Resource } from '../model/resource.ts';
import { type Goal, recordedResources } from './goal.ts';
import type { Planned } from './plan.ts';
import type { StepFailure } from './run.ts';

/**
 * What somebody else put into namespaces of ours. Not of those that were taken over: what was in them before is not
 * the lab's. The plan must have been made with what `extrasQuery` asks for.
 */
export function extrasOf(goal: Goal, { found, live }: Planned): readonly Extra[] {
  const made = new Set(namespacesWithExtras(goal));
  const names = [...live.netns.keys()].filter((name) => made.has(name) && found.get(netnsId(name))?.owner === 'ours');
  if (names.length === 0) return [];
  const known = byNetns([...goal.desired, ...recordedResources(goal)]);
  return names.flatMap((netns) => {
    const there = live.netns.get(netns);
    if (!there) return [];
    const place = { netns, there, known: known.get(netns) ?? [], tables: live.tableNames.get(netns) ?? [] };
    return [...goal.kinds.values()].flatMap((kind) => kind.extras?.(place) ?? []);
  });
}

/** What has to be read to find them, beyond what a plan needs. */
export function extrasQuery(goal: Goal): Partial<Query> {
  const names = namespacesWithExtras(goal);
  return { tableNames: names, neighbours: names };
}

/** Those that netform made. */
const namespacesWithExtras = (goal: Goal): readonly string[] =>
  [...goal.recorded.values()].flatMap(({ id, netns, before }) =>
    before === null && id === netnsId(netns) ? [netns] : [],
  );

/** What stands in each namespace; of a cable that is both. */
function byNetns(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const ends = resource.spec['ends'];
    const places = Array.isArray(ends) ? ends.map(({ netns }) => String(netns)) : [];
    for (const netns of new Set([resource.netns, ...places])) {
      const group = groups.get(netns);
      if (group) group.push(resource);
      else groups.set(netns, [resource]);
    }
  }
  return groups;
}

/** Removes them, what stands on links before the links, going on after a failure. They do not come back. */
export function prune(machine: Machine, extras: readonly Extra[]): readonly StepFailure[] {
  const all = extras.map(({ remove }) => remove);
  const links = all.filter((one) => one.do === 'link.delete');
  const rest = all.filter((one) => one.do !== 'link.delete');
  return [rest, links].flatMap((batch) => remove(machine, batch));
}

function remove(machine: Machine, batch: readonly Instruction[]): readonly StepFailure[] {
  return machine.execute(batch).map((failure) => ({ operation: null, ...failure }));
}
