import { deleteUnmanaged } from '../../engine/unmanaged.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { UnmanagedObject } from '../../model/kind.ts';
import type { Machine } from '../../model/machine.ts';

/** Pruning cannot be rolled back when the run is not confirmed. */
export const pruneConfirmConflict = (): NetformError =>
  netformError('E_USAGE', EXIT.usage, '--prune and --confirm do not go together: what is pruned does not come back', {
    hint: 'confirm the apply first, then run it again with --prune; nothing was changed',
  });

/** Removes what is not of the lab from its namespaces. Throws E_INCOMPLETE (exit 5) with what the kernel refused. */
export function pruneUnmanaged(machine: Machine, extras: readonly UnmanagedObject[]): void {
  const refused = new Map(deleteUnmanaged(machine, extras).map((failure) => [failure.instruction, failure]));
  const left = extras.flatMap((extra) => {
    const failure = extra.remove === null ? undefined : refused.get(extra.remove);
    return failure ? [`${extra.noun} ${extra.name} in ${extra.netns}: ${failure.message} [${failure.code}]`] : [];
  });
  if (left.length === 0) return;
  throw netformError(
    'E_INCOMPLETE',
    EXIT.rollbackIncomplete,
    'not everything that is not from the file could be removed',
    {
      details: left,
      hint: 'the lab itself is as the file says',
    },
  );
}
