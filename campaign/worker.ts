import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { properties } from './properties/index.ts';
import { failureText } from './property.ts';

/** Inside a throwaway machine: `worker.ts NAME SEED COUNT` runs a part of a property and prints a JSON line a run. */
if (process.env['NETFORM_TEST_MACHINE'] !== '1') throw new Error('only inside scripts/machine.sh');
// Most parts are over before what V8 optimises is used: a tenth to a third of their time was its compiler.
setFlagsFromString('--interrupt-budget=1000000');
const [name, seed, count] = process.argv.slice(2);
const property = properties.find((each) => each.name === name);
if (!property) throw new Error(`there is no property ${name}`);

const line = (value: unknown): void => writeLine(Buffer.from(`${JSON.stringify(value)}\n`));
try {
  await property.run(Number(seed), Number(count), {
    held: (at, points = 1) => line({ seed: at, points, why: null }),
    failed: (at, why) => line({ seed: at, points: 0, why }),
  });
} catch (error) {
  line({ seed: Number(seed), points: 0, why: `the property itself failed: ${failureText(error)}` });
}
process.exit(0);

/** The pipe does not block, and who reads it may be busy. */
function writeLine(rest: Buffer): void {
  for (let written = 0; written < rest.length; ) {
    try {
      written += writeSync(1, rest, written);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
