import { watchRun } from './pipeline/watch.ts';
import { troubleOf, troubleText } from './report/error.ts';
import { plain } from './report/paint.ts';
import { recoveredText } from './report/recovered.ts';

// The program that undoes a run which nobody confirms: `watcher.js LAB RUN READY`. It was started by `apply --confirm`,
// outlives it, and does not end with its terminal. All of it is loaded before it says that it is ready.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE']) process.on(signal, () => {});
const [lab = '', run = '', ready = ''] = process.argv.slice(2);
watchRun({ lab, run, ready }).then(
  (undone) => {
    if (undone) process.stdout.write(recoveredText([undone], plain));
  },
  (error) => {
    process.stdout.write(troubleText(troubleOf(error), plain));
    process.exitCode = 1;
  },
);
