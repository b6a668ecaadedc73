import { writeFileSync } from 'node:fs';
import { repository } from '../../test/support/machine.ts';
import { addForeignObjects } from '../foreign-objects.ts';
import { apply, destroy, expectSuccess, FILE, faultCounts, labNames } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { type Random, random } from '../random.ts';
import { scenario } from '../scenarios.ts';
import { sh, snapshot, stableSnapshot } from '../shell.ts';
import { spawnRunner } from '../spawn.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };

export const signalled: Property = {
  name: 'signalled',
  title: 'INT, TERM, HUP or a closed pipe at random: the machine is as before, or as wanted',
  unit: 'runs',
  ...{ inTest: 32, inCampaign: 2000, perMachine: 32 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const empty = await snapshot();
    const lab = scenario(2 * Math.floor(seed / 32)).after;
    const { instruction } = await faultCounts(() => apply(lab));
    const made = await stableSnapshot();
    expectSuccess(await destroy('lab'));
    await eachSeed(async (at) => {
      const dice = random(at);
      const isDestroy = dice.often(30);
      if (isDestroy) expectSuccess(await apply(lab));
      writeFileSync(FILE, lab);
      const args = isDestroy ? ['destroy', 'lab'] : ['apply', FILE];
      const what = await runWithSignal(args, dice, instruction);
      const now = labNames().includes('lab') ? made : empty;
      mustEqual(
        labNames().includes('lab') ? await stableSnapshot() : await snapshot(),
        now,
        `${what}: neither the old nor the new state`,
      );
      if (labNames().includes('lab')) expectSuccess(await destroy('lab'));
      mustEqual(await snapshot(), empty, `${what}: destroy did not restore the machine`);
      return 1;
    })(seed, count, report);
  },
};

/** One of three: at an instruction, after a time, by a pipe that is closed. Gives what it did. */
async function runWithSignal(args: readonly string[], dice: Random, instructions: number): Promise<string> {
  const signal = dice.one(SIGNALS);
  const way = dice.below(5);
  if (way === 0) {
    const command = `${process.execPath} ${repository}bin/run.js ${args.join(' ')} --yes`;
    await sh(`${command} 2>&1 | head -c${dice.below(40)} >/dev/null`);
    return `${args[0]}, a pipe that is closed`;
  }
  if (way === 1) {
    const after = 50 + dice.below(400);
    await spawnRunner(args, { signalAfter: [signal, after] });
    return `${args[0]}, ${signal} after ${after} ms`;
  }
  const fault = `signal@instruction:${1 + dice.below(instructions)}:${signal}`;
  const { code, text } = await spawnRunner(args, { fault });
  must(code === 0 || code === 128 + NUMBERS[signal], `${args[0]}, ${fault}: exit ${code}\n${text}`);
  return `${args[0]}, ${fault}`;
}
