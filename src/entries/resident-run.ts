import { NO_PROGRESS } from '../model/results/progress.ts';
import { openHostSession } from '../pipeline/host-session.ts';
import { runResident } from '../pipeline/reconcile/resident/resident-run.ts';
import type { RunReport } from '../pipeline/reconcile/resident/start-run.ts';
import { reconcileJson } from '../report/json/reconcile.ts';
import { cliErrorText, toCliError } from '../report/text/cli-error.ts';
import { plainPaint } from '../report/text/colour.ts';
import { diagnosticsText } from '../report/text/diagnostics.ts';
import { reconcilesText } from '../report/text/reconcile.ts';
import { recoveryText } from '../report/text/recovery.ts';

// One run of a resident reconcile: `resident-run.cjs NAME FILE MANNER LOCK_TIMEOUT_MS`. What `netform reconcile --watch` is to print
// and to wait for goes to standard output, as JSON. A change that is under way is rolled back on a signal; else the run goes on.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE']) process.on(signal, () => {});
const [name = '', file = '', manner = '', lockTimeoutMs = ''] = process.argv.slice(2);

const tell = (text: string): void => void process.stderr.write(text);
const report = (answer: RunReport): void => void process.stdout.write(JSON.stringify(answer));
const progress = {
  ...NO_PROGRESS,
  warn: (sentence: string) => tell(`netform: ${sentence}\n`),
  recovered: (one: Parameters<typeof NO_PROGRESS.recovered>[0]) => tell(recoveryText([one], plainPaint)),
};

const request = {
  ...{ name, file, lockTimeoutMs: Number(lockTimeoutMs) },
  manner: manner === 'woken' ? ('woken' as const) : ('resident' as const),
};
runResident(openHostSession(progress), request).then(
  ({ result, isNews, watch }) => {
    const { exitCode, findings } = result;
    if (findings !== null) tell(diagnosticsText(findings.diagnostics, findings, plainPaint));
    const text = watch === null ? '' : reconcilesText([result], plainPaint);
    report({ exitCode: watch === null ? MISTAKEN : exitCode, isNews, text, json: reconcileJson(result), watch });
  },
  (error) => {
    const failed = toCliError(error);
    tell(cliErrorText(failed, plainPaint));
    report({ exitCode: failed.exitCode, isNews: false, text: '', json: null, watch: null });
  },
);

/** Of a reconcile file with mistakes. */
const MISTAKEN = 3;
