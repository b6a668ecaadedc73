import type { Operation } from '../../model/operation.ts';
import { groupBy } from '../../model/values/group-by.ts';

/** A line of a run's progress: a namespace, or all of them, with the ids of the operations there. */
export type ProgressGroup = { readonly title: string; readonly ids: readonly string[] };

/** More namespaces than this are one line together. */
const MAX_LINES = 20;

/** One line for each namespace, in the order of their first operations; one for all when there are many. */
export function progressGroups(operations: readonly Operation[]): readonly ProgressGroup[] {
  const groups = groupBy(operations, ({ netns }) => netns);
  if (groups.size > MAX_LINES)
    return [
      { title: `${operations.length} changes in ${groups.size} namespaces`, ids: operations.map(({ id }) => id) },
    ];
  return [...groups].map(([netns, some]) => ({ title: netns, ids: some.map(({ id }) => id) }));
}
