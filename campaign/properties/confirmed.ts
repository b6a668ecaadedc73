import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { repository } from '../../test/support/machine.ts';
import { furnish } from '../foreign.ts';
import { apply, destroy, FILE, good, isInterrupted, labs } from '../netform.ts';
import { eachSeed, must, type Property, same } from '../property.ts';
import { type Random, random } from '../random.ts';
import { scenario } from '../scenarios.ts';
import { sh, snapshot, steady } from '../shell.ts';
import { netform } from '../spawn.ts';

const SECONDS = 2;
const WITHIN_MS = 15_000;
const APPLY = ['apply', FILE, '--yes', '--confirm', `${SECONDS}s`];
const COMMAND = [process.execPath, `${repository}bin/run.js`, ...APPLY].join(' ');

type Way = { readonly what: string; readonly run: (dice: Random, old: string) => Promise<void> };

/** Nobody confirms; what is left of the run then has to bring the old state back by itself. */
const WAYS: readonly [Way, ...Way[]] = [
  { what: 'nobody there, standard input at its end', run: async (_, old) => stays(await netform(APPLY), old) },
  {
    what: 'the command killed while it is at work',
    run: async (dice) => void (await netform(APPLY, { signalAfter: ['SIGKILL', 100 + dice.below(1200)] })),
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
      stays(await netform(APPLY), old);
      await sh("pkill -9 -f '[w]atcher\\.js'");
      await setTimeout(SECONDS * 1000 + 300);
      must((await steady()) !== old, 'it was undone although the watcher was killed');
      writeFileSync('/run/other.yaml', 'version: 1\nname: other\nnamespaces: { other-red: {} }\n');
      must((await netform(['apply', '/run/other.yaml', '--yes'])).code === 0, 'the next run failed');
      good(await destroy('other'));
    },
  },
  // The machine's clock is not ours to step: the command sees one that is stepped by a day, the watcher does not.
  { what: 'the clock a day ahead', run: async (_, old) => stays(await netform(APPLY, clock(86_400)), old) },
  { what: 'the clock a day behind', run: async (_, old) => stays(await netform(APPLY, clock(-86_400)), old) },
];

export const confirmed: Property = {
  name: 'confirmed',
  title: 'confirm: command killed, terminal gone, watcher killed, clock stepped: what nobody confirms is undone',
  unit: 'runs',
  ...{ inTest: 20, inCampaign: 200, perMachine: 8 },
  run: async (seed, count, report) => {
    await furnish(seed);
    const empty = await snapshot();
    await eachSeed(async (at) => {
      const dice = random(at);
      const { before, after } = scenario(at);
      if (before !== null) good(await apply(before));
      const old = await steady();
      writeFileSync(FILE, after);
      const { what, run } = WAYS[at % WAYS.length] ?? WAYS[0];
      try {
        await run(dice, old);
        await becomes(old);
        if (dice.often(20)) await confirmedInTime();
      } catch (error) {
        throw new Error(`${what}: ${error instanceof Error ? error.message : error}`);
      }
      if (labs().includes('lab')) good(await destroy('lab'));
      same(await snapshot(), empty, `${what}: destroy did not restore the machine`);
      return 1;
    })(seed, count, report);
  },
};

/** It was done, and is not undone at once. */
function stays({ code, text }: { readonly code: number | null; readonly text: string }, old: string): void {
  must(code === 0, `exit ${code}\n${text}`);
  must(old !== '', 'no old state');
}

async function becomes(wanted: string): Promise<void> {
  const end = performance.now() + WITHIN_MS;
  while (performance.now() < end) {
    // Looking at the whole machine is much dearer than looking whether the run is still open.
    if (!isInterrupted('lab') && (await steady()) === wanted) return;
    await setTimeout(100);
  }
  same(await steady(), wanted, 'the old state did not come back');
}

async function confirmedInTime(): Promise<void> {
  must((await netform(['apply', FILE, '--yes', '--confirm', '20s'])).code === 0, 'the second run failed');
  const applied = await steady();
  must((await netform(['confirm', 'lab'])).code === 0, 'it could not be confirmed');
  await setTimeout(500);
  same(await steady(), applied, 'what was confirmed did not stay');
}

function clock(seconds: number): { readonly env: Readonly<Record<string, string>> } {
  const code = `const now = Date.now; Date.now = () => now() + ${seconds * 1000};`;
  return { env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` } };
}
