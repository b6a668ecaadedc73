// One run of the pipeline in a process of its own, without the command line around it: it starts in a third of the time.
// `runner.mjs apply FILE`, `destroy LAB`, `plan FILE`; the last argument may be how long to wait for the lock, in ms.
import { writeSync } from 'node:fs';

const { pipeline } = await import(new URL('../dist-faults/pipeline.js', import.meta.url));
const [verb, target, wait = '10000'] = process.argv.slice(2);
const run = {
  agree: async () => true,
  progress: () => ({ event: () => {}, rollback: () => {}, close: async () => {} }),
  lockTimeoutMs: Number(wait),
  foreign: 'refuse',
};
const request = { file: target, vars: [], varFile: null };
try {
  const ending =
    verb === 'apply'
      ? await pipeline.apply(request, run)
      : verb === 'destroy'
        ? await pipeline.destroy(target, run)
        : await pipeline.plan(request, 'refuse');
  process.exitCode = ending.status === 'refused' ? 3 : 0;
} catch (error) {
  writeSync(2, `[${error.code}] ${error.stack}\n${(error.details ?? []).join('\n')}\n`);
  process.exitCode = error.exitCode ?? 1;
}
