import { planTopology } from '../src/pipeline/index.ts';

/** Prints what netform would tell the machine that this runs in to make the lab of a file: its instructions as JSON. */
const { rounds, findings } = await planTopology(
  { file: process.argv[2] ?? '', vars: [], varFile: null },
  { foreign: 'refuse' },
);
const errors = findings.diagnostics.filter(({ severity }) => severity === 'error');
if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
process.stdout.write(JSON.stringify(rounds().flat()));
