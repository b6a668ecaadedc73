import { watchReconcile } from '../pipeline/reconcile/resident/watch-reconcile.ts';
import { jsonLine } from '../report/json/answer.ts';

// The program that `netform reconcile --watch` becomes: `resident.cjs NAME FILE LOCK_TIMEOUT_MS text|json`. It is a script of its
// own, with what is needed to wait and nothing else: each run is another program.
// Who no longer reads what it says does not end what it does.
process.stdout.on('error', () => {});
const [name = '', file = '', lockTimeoutMs = '', format = ''] = process.argv.slice(2);
const options = {
  lockTimeoutMs: Number(lockTimeoutMs),
  take: ({ text, json }: Parameters<Parameters<typeof watchReconcile>[1]['take']>[0]) =>
    void process.stdout.write(format === 'json' ? jsonLine({ reconcile: json }) : text),
};
watchReconcile({ name, file }, options).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error) => {
    process.stderr.write(`netform: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
