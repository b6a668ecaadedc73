import type { ReconcileOrders, ReconcileState } from '../model/results/reconcile-state.ts';
import { LAB_SYNC_STATES } from '../model/results/reconcile-state.ts';

/** The state of a reconcile as the textfile collector of Prometheus reads it (its text format, version 0.0.4). */
export const metricsText = (name: string, state: ReconcileState, orders: ReconcileOrders): string =>
  [...labMetrics(name, state, orders), ...wholeMetrics({ reconcile: name }, state, orders)].join('');

function labMetrics(
  name: string,
  { labs, refusal }: ReconcileState,
  { suspended }: ReconcileOrders,
): readonly string[] {
  const all = Object.entries(labs).map(([lab, record]) => [{ reconcile: name, lab }, record] as const);
  const isGood = (one: string | undefined) =>
    suspended === null && refusal === null && (one === 'synced' || one === 'healed');
  return [
    metric(
      'netform_lab_in_sync',
      'Whether a lab is as its source says, and nothing is suspended.',
      all.map(([of, { status }]) => [of, isGood(status?.state) ? 1 : 0]),
    ),
    metric(
      'netform_lab_status',
      'The state of a lab: 1 for the one that it is in.',
      all.flatMap(([of, { status }]) =>
        LAB_SYNC_STATES.map((one) => [{ ...of, state: one }, status?.state === one ? 1 : 0] as const),
      ),
    ),
    metric(
      'netform_lab_commit_info',
      'The commit that a lab was applied from.',
      all.flatMap(([of, { good }]) => (good === null ? [] : [[{ ...of, commit: good.commit }, 1] as const])),
    ),
    metric(
      'netform_lab_failures',
      'How often in a row the newest commit of a lab has failed.',
      all.map(([of, { failure }]) => [of, failure?.tries ?? 0]),
    ),
    metric(
      'netform_lab_ignored_resources',
      'Resources that others have changed, and that are ignored.',
      all.map(([of, { ignored }]) => [of, ignored.length]),
    ),
  ];
}

function wholeMetrics(
  of: { readonly reconcile: string },
  { run, unreachable, refusal, stopped }: ReconcileState,
  { suspended }: ReconcileOrders,
): readonly string[] {
  const whole = (what: string, help: string, value: number | null): string =>
    metric(`netform_reconcile_${what}`, help, value === null ? [] : [[of, value]]);
  return [
    whole('suspended', 'Whether a person has suspended it.', suspended === null ? 0 : 1),
    whole('stopped', 'Whether a rollback is incomplete, so that nothing is done.', stopped === null ? 0 : 1),
    whole('source_reachable', 'Whether the source could be read.', unreachable === null ? 1 : 0),
    whole('commit_refused', 'Whether the newest commit is refused or held as a whole.', refusal === null ? 0 : 1),
    whole('last_run_timestamp_seconds', 'When it ran last.', run && run.at / 1000),
    whole(
      'last_success_timestamp_seconds',
      'When it last ended with all in sync.',
      run?.success ? run.success / 1000 : null,
    ),
    whole('run_seconds', 'How long the last run took.', run && run.ms / 1000),
    whole('exit_code', 'The exit code of the last run.', run?.exitCode ?? null),
  ];
}

type Sample = readonly [labels: { readonly [label: string]: string }, value: number];

function metric(name: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value]) => {
    const written = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}{${written.join(',')}} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
