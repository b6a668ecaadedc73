import type { LabOutcome } from '../../reconcile/lab-records.ts';
import type { Probe } from '../../reconcile/settings.ts';
import { readJournal } from '../../store/journal.ts';
import { readState } from '../../store/state.ts';
import { confirmRun } from '../recovery/confirm.ts';
import { confirmSecondsLeft } from '../recovery/open-runs.ts';
import { rollbackRun } from '../recovery/rollback.ts';
import { withOutcome } from './apply-lab.ts';
import { runProbes } from './probes.ts';
import type { ReconcileRun } from './reconcile-run.ts';

/** The part of the time to confirm that is left for the rollback to be begun. */
const MARGIN = 0.2;
const MOST_MARGIN_MS = 5000;

/**
 * Decides about a change that waits to be confirmed: keeps it when each probe has exited 0 and the source can still be
 * reached, and rolls it back otherwise. Null: it is kept.
 */
export async function confirmChange(
  run: ReconcileRun,
  lab: string,
  places: ReadonlySet<string>,
): Promise<Exclude<LabOutcome, { readonly kind: 'synced' | 'healed' | 'drifted' }> | null> {
  const { session, settings, source, lockTimeoutMs } = run;
  const request = { target: lab, lockTimeoutMs };
  const problem =
    (await runProbes(session.store, probesOf(settings.probes, places), probeMs(run, lab))) ??
    lostSource(source.problem());
  const result = await withOutcome(async () => {
    if (problem === null) await confirmRun(session, request);
    else await rollbackRun(session, request);
    return { kind: 'applied', changes: 0, isPending: false };
  });
  if (result.kind !== 'applied')
    return result.kind === 'failed' ? { ...result, reason: 'probe', problem: lateText(result.problem) } : result;
  return problem === null ? null : { kind: 'failed', reason: 'probe', problem: `${problem}; it was rolled back` };
}

const lostSource = (problem: string | null): string | null =>
  problem === null ? null : `the source can no longer be reached: ${problem}`;

const lateText = (problem: string): string => `the probes took too long: ${problem}`;

/** The probes on the host, and those in namespaces that the lab has or had. */
const probesOf = (probes: readonly Probe[], places: ReadonlySet<string>): readonly Probe[] =>
  probes.filter((probe) => probe.in === 'host' || places.has(probe.in));

/** The namespaces of a lab, as it is recorded now. */
export const recordedNamespaces = ({ session }: ReconcileRun, lab: string): ReadonlySet<string> =>
  new Set(readState(session.store, lab)?.resources.map(({ netns }) => netns));

function probeMs({ session }: ReconcileRun, lab: string): number {
  const journal = readJournal(session.store, lab);
  const left = (journal && confirmSecondsLeft(journal)) ?? 0;
  return Math.max(0, left * 1000 - Math.min(MOST_MARGIN_MS, left * 1000 * MARGIN));
}
