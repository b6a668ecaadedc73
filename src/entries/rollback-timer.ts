import { NO_PROGRESS } from '../model/results/progress.ts';
import { openHostSession } from '../pipeline/host-session.ts';
import { runRollbackTimer } from '../pipeline/recovery/rollback-timer.ts';
import { cliErrorText, toCliError } from '../report/text/cli-error.ts';
import { plainPaint } from '../report/text/colour.ts';
import { recoveryText } from '../report/text/recovery.ts';

// The program that rolls a run back unless it is confirmed in time: `rollback-timer.cjs LAB RUN READY`. `apply --confirm`
// starts it; it outlives that command and its terminal. All of it is loaded before it reports that it is ready.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE']) process.on(signal, () => {});
const [lab = '', run = '', ready = ''] = process.argv.slice(2);
runRollbackTimer(openHostSession(NO_PROGRESS), { lab, run, ready }).then(
  (undone) => {
    if (undone) process.stdout.write(recoveryText([undone], plainPaint));
  },
  (error) => {
    process.stdout.write(cliErrorText(toCliError(error), plainPaint));
    process.exitCode = 1;
  },
);
