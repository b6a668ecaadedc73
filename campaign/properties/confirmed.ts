import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { repository } from '../../test/support/machine.ts';
import { addForeignObjects } from '../foreign-objects.ts';
import { apply, destroy, expectSuccess, FILE, isInterrupted, labNames } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { type Random, random } from '../random.ts';
import { shiftedClock } from '../reconciled/clock.ts';
import { scenario } from '../scenarios.ts';
import { sh, snapshot, stableSnapshot } from '../shell.ts';
import { spawnNetform } from '../spawn.ts';

const SECONDS = 2;
const WITHIN_MS = 15_000;
const APPLY = ['apply', FILE, '--yes', '--confirm', `${SECONDS}s`];
const COMMAND = [process.execPath, `${repository}bin/run.js`, ...APPLY].join(' ');

type Abandonment = { readonly what: string; readonly run: (dice: Random, old: string) => Promise<void> };

/** Nobody confirms; what is left of the run then has to bring the old state back by itself. */
const ABANDONMENTS: readonly [Abandonment, ...Abandonment[]] = [
  {
    what: 'nobody there, standard input at its end',
    run: async (_, old) => mustSucceed(await spawnNetform(APPLY), old),
  },
  {
    what: 'the command killed while it is at work',
    run: async (dice) => void (await spawnNetform(APPLY, { signalAfter: ['SIGKILL', 100 + dice.below(1200)] })),
  },
  {
    what: 'the terminal gone',
    run: async () => {
      const terminal = `script -qec '${COMMAND}; touch /run/applied; sleep 60' /dev/null`;
      await sh(`rm -f /run/applied; setsid ${terminal} </dev/null >/dev/null 2>&1 &
        while [ ! -e /run/applied ]; do sleep 0.05; done; pkill -9 -x script`);
    },
  },
  {
    what: 'the watcher killed: the next run does its work',
    run: async (_, old) => {
      mustSucceed(await spawnNetform(APPLY), old);
      await sh("pkill -9 -f '[r]ollback-timer\\.cjs'");
      await setTimeout(SECONDS * 1000 + 300);
      must((await stableSnapshot()) !== old, 'it was undone although the watcher was killed');
      writeFileSync('/run/other.yaml', 'version: 1\nname: other\nnamespaces: { other-red: {} }\n');
      must((await spawnNetform(['apply', '/run/other.yaml', '--yes'])).code === 0, 'the next run failed');
      expectSuccess(await destroy('other'));
    },
  },
  // The machine's clock is not ours to step: the command sees one that is stepped by a day, the watcher does not.
  {
    what: 'the clock a day ahead',
    run: async (_, old) => mustSucceed(await spawnNetform(APPLY, shiftClock(86_400)), old),
  },
  {
    what: 'the clock a day behind',
    run: async (_, old) => mustSucceed(await spawnNetform(APPLY, shiftClock(-86_400)), old),
  },
];

export const confirmed: Property = {
  name: 'confirmed',
  title: 'confirm: command killed, terminal gone, watcher killed, clock stepped: an unconfirmed run is undone',
  unit: 'runs',
  ...{ inTest: 20, inCampaign: 200, perMachine: 8 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const empty = await snapshot();
    await eachSeed(async (at) => {
      const dice = random(at);
      const { before, after } = scenario(at);
      if (before !== null) expectSuccess(await apply(before));
      const old = await stableSnapshot();
      writeFileSync(FILE, after);
      const { what, run } = ABANDONMENTS[at % ABANDONMENTS.length] ?? ABANDONMENTS[0];
      try {
        await run(dice, old);
        await mustBecome(old);
        if (dice.often(20)) await confirmInTime();
      } catch (error) {
        throw new Error(`${what}: ${error instanceof Error ? error.message : error}`);
      }
      if (labNames().includes('lab')) expectSuccess(await destroy('lab'));
      mustEqual(await snapshot(), empty, `${what}: destroy did not restore the machine`);
      return 1;
    })(seed, count, report);
  },
};

/** It was done, and is not undone at once. */
function mustSucceed({ code, text }: { readonly code: number | null; readonly text: string }, old: string): void {
  must(code === 0, `exit ${code}\n${text}`);
  must(old !== '', 'no old state');
}

async function mustBecome(wanted: string): Promise<void> {
  const end = performance.now() + WITHIN_MS;
  while (performance.now() < end) {
    // Looking at the whole machine is much dearer than looking whether the run is still open.
    if (!isInterrupted('lab') && (await stableSnapshot()) === wanted) return;
    await setTimeout(100);
  }
  mustEqual(await stableSnapshot(), wanted, 'the old state did not come back');
}

async function confirmInTime(): Promise<void> {
  must((await spawnNetform(['apply', FILE, '--yes', '--confirm', '20s'])).code === 0, 'the second run failed');
  const applied = await stableSnapshot();
  must((await spawnNetform(['confirm', 'lab'])).code === 0, 'it could not be confirmed');
  await setTimeout(500);
  mustEqual(await stableSnapshot(), applied, 'what was confirmed did not stay');
}

const shiftClock = (seconds: number) => ({ env: shiftedClock(seconds * 1000) });
