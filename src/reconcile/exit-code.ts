import { EXIT } from '../model/error.ts';
import type { LabSyncState, ReconcileState } from '../model/results/reconcile-state.ts';

/** sysexits.h: it failed, and is tried again. */
export const EXIT_WILL_RETRY = 75;
/** What a person has to say yes to, and what is suspended. */
const EXIT_HELD = EXIT.changes;

const CODES: { readonly [state in LabSyncState]: number } = {
  synced: EXIT.done,
  healed: EXIT.done,
  drifted: EXIT.drift,
  failed: EXIT_WILL_RETRY,
  held: EXIT_HELD,
  refused: EXIT.topology,
};

/** The gravest first. */
const ORDER = [EXIT.rollbackIncomplete, EXIT.topology, EXIT_HELD, EXIT_WILL_RETRY, EXIT.drift, EXIT.done];

/** The exit code that a state asks for: of all that is wrong the gravest. */
export function reconcileExitCode(
  state: Pick<ReconcileState, 'labs' | 'refusal' | 'stopped' | 'unreachable'>,
  { isSuspended, isBusy }: { readonly isSuspended: boolean; readonly isBusy: boolean },
): number {
  const { labs, refusal, stopped, unreachable } = state;
  return gravestExit([
    ...(stopped === null ? [] : [EXIT.rollbackIncomplete]),
    ...(isSuspended ? [EXIT_HELD] : []),
    ...(unreachable === null && !isBusy ? [] : [EXIT_WILL_RETRY]),
    ...[refusal, ...Object.values(labs).map(({ status }) => status)].map((one) =>
      one === null ? EXIT.done : CODES[one.state],
    ),
  ]);
}

/** The gravest of some exit codes. */
export const gravestExit = (codes: readonly number[]): number =>
  codes.find((code) => !ORDER.some((one) => one === code)) ?? ORDER.find((code) => codes.includes(code)) ?? EXIT.done;
