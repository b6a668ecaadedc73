import { runRollbackTimer } from '../pipeline/recovery/rollback-timer.ts';
import { cliErrorText, toCliError } from '../report/text/cli-error.ts';
import { plainPaint } from '../report/text/colour.ts';
import { recoveryText } from '../report/text/recovery.ts';

// The program that undoes a run which nobody confirms: `rollback-timer.js LAB RUN READY`. It was started by `apply --confirm`,
// outlives it, and does not end with its terminal. All of it is loaded before it says that it is ready.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE']) process.on(signal, () => {});
const [lab = '', run = '', ready = ''] = process.argv.slice(2);
runRollbackTimer({ lab, run, ready }).then(
  (undone) => {
    if (undone) process.stdout.write(recoveryText([undone], plainPaint));
  },
  (error) => {
    process.stdout.write(cliErrorText(toCliError(error), plainPaint));
    process.exitCode = 1;
  },
);
