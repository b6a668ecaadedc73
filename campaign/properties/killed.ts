import { writeFileSync } from 'node:fs';
import { addForeignObjects } from '../foreign-objects.ts';
import {
  apply,
  destroy,
  expectSuccess,
  type FaultCounts,
  FILE,
  faultCounts,
  isInterrupted,
  labNames,
} from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { random } from '../random.ts';
import { type Scenario, scenario } from '../scenarios.ts';
import { snapshot, stableSnapshot } from '../shell.ts';
import { spawnRunner } from '../spawn.ts';

/** A machine with the old lab of a scenario, what it looks like then, and how many places for a fault the change has. */
type KillStage = Scenario & {
  readonly empty: string;
  readonly old: string;
  readonly made: string;
  readonly counts: FaultCounts;
};

async function prepareStage(seed: number): Promise<KillStage> {
  await addForeignObjects(seed * 32);
  const { before, after } = scenario(seed);
  const empty = await snapshot();
  if (before !== null) expectSuccess(await apply(before));
  const old = await stableSnapshot();
  const counts = await faultCounts(() => apply(after));
  const made = await stableSnapshot();
  expectSuccess(await destroy('lab'));
  mustEqual(await snapshot(), empty, 'destroy did not restore the machine');
  if (before !== null) expectSuccess(await apply(before));
  return { before, after, empty, old, made, counts };
}

/** Recovers by the next run: the old lab again, or the new one, or none. Afterwards the old one is there. */
async function recover(stage: KillStage, way: number, what: string): Promise<void> {
  const { before, after, empty, old, made } = stage;
  if (way % 3 === 0) {
    expectSuccess(await apply(after));
    mustEqual(await stableSnapshot(), made, `${what}: the next apply gives another lab`);
  }
  if (way % 3 === 1 && before !== null) {
    expectSuccess(await apply(before));
    mustEqual(await stableSnapshot(), old, `${what}: the old lab does not come back`);
  } else {
    const { exitCode, code, text } = await destroy('lab');
    must(exitCode === 0 || code === 'E_WHICH_LAB', `${what}: destroy: ${text}`);
    mustEqual(await snapshot(), empty, `${what}: destroy did not restore the machine`);
    if (before !== null) expectSuccess(await apply(before));
  }
  must(!isInterrupted('lab'), `${what}: the journal is still there`);
}

export const killed: Property = {
  name: 'killed',
  title:
    'kill -9 at every journal boundary, in the middle of every record, after every instruction: the next run recovers',
  unit: 'labs',
  ...{ inTest: 1, inCampaign: 12, perMachine: 1 },
  run: eachSeed(async (seed) => {
    const ready = await prepareStage(seed);
    const faults = [
      ...upTo(ready.counts.instruction).map((k) => `kill@instruction:${k}`),
      ...upTo(ready.counts.journal).flatMap((k) => [`kill@journal:${k}`, `tear@journal:${k}`]),
    ];
    for (const [nth, fault] of faults.entries()) {
      writeFileSync(FILE, ready.after);
      const { signal, text } = await spawnRunner(['apply', FILE], { fault });
      must(signal === 'SIGKILL', `${fault}: the run was not killed: ${text}`);
      // Every fifth recovery is killed as well.
      if (nth % 5 === 0) await spawnRunner(['destroy', 'lab'], { fault: `kill@instruction:${1 + (nth % 7)}` });
      await recover(ready, nth, fault);
    }
    return faults.length;
  }),
};

export const killedRollback: Property = {
  name: 'rollback-refused',
  title: 'every instruction of the rollback is refused, from each on: the journal is kept, and the next run recovers',
  unit: 'labs',
  ...{ inTest: 1, inCampaign: 12, perMachine: 1 },
  run: eachSeed(async (seed) => {
    const ready = await prepareStage(seed);
    const first = `fail@instruction:${ready.counts.instruction}:EIO`;
    const { rollback } = await rollbackCounts(ready.after, first);
    let points = 0;
    for (const k of upTo(rollback)) {
      for (const more of ['', '-']) {
        const fault = `${first},fail@rollback:${k}${more}:EPERM`;
        const { exitCode, text } = await apply(ready.after, { fault });
        must(exitCode === 4 || exitCode === 5, `${fault}: exit ${exitCode}\n${text}`);
        must(isInterrupted('lab') === (exitCode === 5), `${fault}: exit ${exitCode}, and the journal does not say so`);
        if (exitCode === 4)
          mustEqual(await stableSnapshot(), ready.old, `${fault}: exit 4, but the machine is not as it was`);
        await recover(ready, k, fault);
        points += 1;
      }
      const fault = `${first},kill@rollback:${k}`;
      writeFileSync(FILE, ready.after);
      await spawnRunner(['apply', FILE], { fault });
      await recover(ready, k + 1, fault);
      points += 1;
    }
    return points;
  }),
};

async function rollbackCounts(lab: string, fault: string): Promise<FaultCounts> {
  return faultCounts(async () => {
    const ended = await apply(lab, { fault });
    must(ended.exitCode === 4, `${fault}: exit ${ended.exitCode}\n${ended.text}`);
    return { ...ended, code: '', status: 'done' };
  });
}

export const killedLoop: Property = {
  name: 'killed-loop',
  title: 'kill -9 at random times, apply and destroy in a loop',
  unit: 'seconds',
  ...{ inTest: 32, inCampaign: 7200, perMachine: 32 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const empty = await snapshot();
    for (let at = seed; at < seed + count; at++) {
      await eachSeed(async (nth) => loopFor(nth, empty))(at, 1, report);
    }
  },
};

const SECOND_MS = 1000;

/** A second of runs that are killed, then one that is not: the points are how many died. */
async function loopFor(seed: number, empty: string): Promise<number> {
  const dice = random(seed);
  const end = performance.now() + SECOND_MS;
  let died = 0;
  while (performance.now() < end) {
    writeFileSync(FILE, scenario(dice.below(100)).after);
    const args = dice.often(60) || labNames().length === 0 ? ['apply', FILE] : ['destroy', 'lab'];
    const { signal } = await spawnRunner(args, { signalAfter: ['SIGKILL', 60 + dice.below(300)] });
    if (signal === 'SIGKILL') died += 1;
  }
  writeFileSync(FILE, scenario(0).after);
  expectSuccess(await apply(scenario(0).after));
  expectSuccess(await destroy('lab'));
  mustEqual(await snapshot(), empty, 'destroy did not restore the machine');
  return died;
}

const upTo = (limit: number): readonly number[] => Array.from({ length: limit }, (_, i) => i + 1);
