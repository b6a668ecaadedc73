import type { Query } from '../../model/kernel/live-state.ts';
import { contextOf, type Goal, kindOf, recordedResources } from '../goal.ts';

/** Everything that has to be read to find the desired and the recorded resources; each thing once. */
export function goalQuery(goal: Goal): Query {
  const resources = [...goal.desired, ...recordedResources(goal)];
  const wants = resources.map((resource) => kindOf(goal, resource).query(resource, contextOf(goal, resource.id)));
  return mergeQueries([...wants, goal.extraQuery]);
}

/** The union of queries; scripts of one table are put together. */
export function mergeQueries(parts: readonly Partial<Query>[]): Query {
  return {
    netns: union(parts, (part) => part.netns),
    neighbours: union(parts, (part) => part.neighbours),
    addresses: union(parts, (part) => part.addresses),
    sysctls: unionBy(
      parts.flatMap((part) => part.sysctls ?? []),
      ({ netns, key }) => `${netns} ${key}`,
    ),
    sysctlTrees: unionBy(
      parts.flatMap((part) => part.sysctlTrees ?? []),
      ({ netns, dir, leaf }) => `${netns} ${dir} ${leaf}`,
    ),
    fresh: mergeSysctlDefaults(parts),
    tables: mergeTables(parts),
    tableNames: union(parts, (part) => part.tableNames),
    firewalls: union(parts, (part) => part.firewalls),
    rulesets: union(parts, (part) => part.rulesets),
    holders: union(parts, (part) => part.holders),
    files: union(parts, (part) => part.files),
    listeners: union(parts, (part) => part.listeners),
    linkKinds: union(parts, (part) => part.linkKinds),
    plugins: union(parts, (part) => part.plugins),
  };
}

function union<T>(parts: readonly Partial<Query>[], pick: (part: Partial<Query>) => readonly T[] | undefined): T[] {
  return [...new Set(parts.flatMap((part) => pick(part) ?? []))];
}

const unionBy = <T>(items: readonly T[], key: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [key(item), item])).values(),
];

function mergeSysctlDefaults(parts: readonly Partial<Query>[]): Query['fresh'] {
  const merged = new Map<string, Query['fresh'][number]>();
  for (const { netns, sysctls, keys } of parts.flatMap((part) => part.fresh ?? [])) {
    const known = merged.get(netns);
    const all = { ...known?.sysctls, ...sysctls };
    merged.set(netns, { netns, sysctls: all, keys: [...new Set([...(known?.keys ?? []), ...keys])] });
  }
  return [...merged.values()];
}

function mergeTables(parts: readonly Partial<Query>[]): Query['tables'] {
  const merged = new Map<string, { netns: string; table: string; scripts: Set<string> }>();
  for (const { netns, table, scripts } of parts.flatMap((part) => part.tables ?? [])) {
    const key = `${netns} ${table}`;
    const entry = merged.get(key) ?? { netns, table, scripts: new Set<string>() };
    for (const script of scripts) entry.scripts.add(script);
    merged.set(key, entry);
  }
  return [...merged.values()].map((entry) => ({ ...entry, scripts: [...entry.scripts] }));
}
