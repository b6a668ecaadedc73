import { NO_PROGRESS } from '../src/model/results/progress.ts';
import { openHostSession } from '../src/pipeline/host-session.ts';
import { planTopology } from '../src/pipeline/plan.ts';

/** Prints what netform would tell the machine that this runs in to make the lab of a file: its instructions as JSON. */
const { rounds, findings } = await planTopology(
  openHostSession(NO_PROGRESS),
  { file: process.argv[2] ?? '', vars: [], varFile: null },
  { foreign: 'refuse' },
);
const errors = findings.diagnostics.filter(({ severity }) => severity === 'error');
if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
process.stdout.write(JSON.stringify(rounds().flat()));
