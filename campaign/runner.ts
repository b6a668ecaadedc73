import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import { NO_PROGRESS } from '../src/model/results/progress.ts';
import { withFaults } from './faults.ts';
import { isNetformError, runOptions, verbs } from './netform.ts';

// One run of the pipeline in a process of its own, without the command line around it: it starts in a third of the time.
// `runner.js apply FILE`, `destroy LAB`, `plan FILE`, `rename OLD NEW`, `reconcile FILE`; the last argument may be how long to wait for the lock, in ms.
const [verb, target = '', wait = '10000'] = process.argv.slice(2);
const options = { ...runOptions({}), lockTimeoutMs: Number(wait) };
const request = { file: target, vars: [], varFile: null };
const session = withFaults(verbs.openHostSession(NO_PROGRESS));
try {
  const ended = await run();
  process.exitCode = typeof ended === 'number' ? ended : ended === 'refused' ? 3 : 0;
} catch (error) {
  if (!isNetformError(error)) throw error;
  writeSync(2, `[${error.code}] ${error.stack}\n${error.details.join('\n')}\n`);
  process.exitCode = error.exitCode;
}

async function run(): Promise<string | number> {
  if (verb === 'apply') {
    const { status, findings } = await verbs.applyTopology(session, request, { ...options, foreign: 'refuse' });
    if (status === 'refused') writeSync(2, (findings?.diagnostics ?? []).map(({ message }) => message).join('; '));
    return status;
  }
  if (verb === 'destroy') return (await verbs.destroyLab(session, target, options)).status;
  if (verb === 'rename') return (await verbs.renameLab(session, { from: target, to: wait, lockTimeoutMs: 10_000 })).to;
  if (verb === 'reconcile') {
    const file = { name: basename(target, '.yaml'), file: target };
    return (await verbs.runReconcile(session, file, { lockTimeoutMs: 20_000, pauses: 'kept' })).exitCode;
  }
  const { view } = await verbs.planTopology(session, request, { foreign: 'refuse' });
  return view === null ? 'refused' : 'planned';
}
