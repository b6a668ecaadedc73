import { rmSync } from 'node:fs';
import { apply, destroy, expectSuccess, isInterrupted, plan } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { type Random, random } from '../random.ts';
import { driveClock } from '../reconciled/clock.ts';
import { type Disturbance, disturbances, drift, isRecorded, prepareMachine } from '../reconciled/disturbances.ts';
import { draftCommit, LABS, type LabName } from '../reconciled/history.ts';
import { differences, type Expectation, expectAfter, expectedExit, NO_HISTORY } from '../reconciled/model.ts';
import { BACKOFF, createRepository, pushCommit } from '../reconciled/repository.ts';
import { readRemembered, reconcileHere } from '../reconciled/runs.ts';
import { sh, snapshot, stableSnapshot } from '../shell.ts';

/** A history of commits, and what happens meanwhile. The points are its commits. */
export const reconciled: Property = {
  name: 'reconciled',
  title:
    'reconcile: good and bad commits × kill -9, reboot, drift, no source, a full disk: the last good commit, no loop, and the reason',
  unit: 'runs',
  ...{ inTest: 20, inCampaign: 200, perMachine: 4 },
  run: async (seed, count, report) => {
    await prepareMachine();
    const empty = await snapshot();
    await eachSeed((at) => runHistory(at, empty))(seed, count, report);
  },
};

type Clock = ReturnType<typeof driveClock>;

async function runHistory(seed: number, empty: string): Promise<number> {
  const dice = random(seed + 5);
  const clock = driveClock();
  const story: string[] = [];
  try {
    await createRepository();
    let expected = NO_HISTORY;
    let last: string | null = null;
    let isRewritten = false;
    const length = 3 + dice.below(3);
    for (let nth = 0; nth < length; nth++) {
      const draft = draftCommit(dice, expected.tip?.labs ?? null, { hasGood: goodLabs(expected) });
      const base = expected.tip?.commit ?? null;
      // What comes after a rewritten history is one, too.
      const parent: string | null = dice.often(50) && !isRewritten ? last : base;
      const former = expected;
      last = await pushCommit(draft, parent);
      isRewritten = draft.verdict === 'rewritten';
      expected = expectAfter(former, draft, last);
      story.push(
        `${last.slice(0, 8)} ${draft.verdict} alpha ${draft.labs.alpha.verdict} beta ${draft.labs.beta.verdict}`,
      );
      await disturb({ dice, clock, story, former });
      await settle(expected, clock, story);
      await checkIdle(expected, clock, dice);
    }
    await compareWithFresh(expected, empty);
    return length;
  } catch (error) {
    throw new Error(
      `${story.join('\n')}\n${error instanceof Error ? error.stack : error}\n${JSON.stringify(readRemembered()?.labs)}`,
    );
  } finally {
    clock.release();
    rmSync('/var/lib/netform/.reconcile', { recursive: true, force: true });
  }
}

const goodLabs = ({ labs }: Expectation): ReadonlySet<LabName> =>
  new Set(LABS.filter((lab) => labs[lab].good !== null));

type Trouble = {
  readonly dice: Random;
  readonly clock: Clock;
  readonly story: string[];
  /** What holds before the newest commit is seen. */
  readonly former: Expectation;
};

async function disturb({ dice, clock, story, former }: Trouble): Promise<void> {
  for (let nth = dice.below(3); nth > 0; nth--) {
    const { name, happen }: Disturbance = dice.one(disturbances);
    const isFirst = !story.at(-1)?.startsWith(' ');
    story.push(`  ${name}`);
    const ended = await happen(dice);
    if (name === 'unreachable') {
      const { exitCode, problem } = ended ?? { exitCode: null, problem: '' };
      must(exitCode !== null && exitCode !== 0, `without a source a run ends with ${exitCode} ${problem}`);
      must(readRemembered()?.unreachable?.problem.includes('remote.git'), 'no word about the source');
      // What was applied last is looked after all the same.
      if (isFirst) await checkMachine(former);
    }
    if (name === 'drift') must(ended?.exitCode !== null, `a run threw: ${ended?.problem}`);
    clock.pass(dice.below(90));
  }
}

const MOST_RUNS = 8;

/** Runs until all is as expected: each after the longest pause, so that nothing is waited for. */
async function settle(expected: Expectation, clock: Clock, story: string[]): Promise<void> {
  let found: readonly string[] = [];
  for (let run = 0; run < MOST_RUNS; run++) {
    const { exitCode, problem } = await reconcileHere();
    const state = readRemembered();
    must(state !== null, `nothing is remembered: ${problem}`);
    found = differences(expected, state);
    if (exitCode !== expectedExit(expected))
      found = [...found, `exit ${exitCode}, and not ${expectedExit(expected)} ${problem}`];
    if (found.length === 0) {
      await checkMachine(expected);
      return;
    }
    story.push(`  run: ${found.join('; ')}`);
    clock.pass(BACKOFF.most + 1);
  }
  throw new Error(`after ${MOST_RUNS} runs:\n${found.join('\n')}`);
}

/** A minute later nothing is to do, and nothing is done; changes of others are undone although a commit waits. */
async function checkIdle(expected: Expectation, clock: Clock, dice: Random): Promise<void> {
  clock.pass(BACKOFF.first / 2);
  // A commit that came before one that is refused as a whole may be due again.
  const isDue = Object.values(readRemembered()?.labs ?? {}).some(
    ({ failure }) => failure && failure.nextAt <= Date.now(),
  );
  const { exitCode, instructions, problem } = await reconcileHere();
  must(exitCode === expectedExit(expected), `with nothing to do a run ends with ${exitCode} ${problem}`);
  must(isDue || instructions === 0, `with nothing to do a run gave ${instructions} instructions`);
  if (dice.often(60)) return;
  await drift(dice);
  const healed = await reconcileHere();
  must(healed.exitCode === expectedExit(expected), `a run that heals ends with ${healed.exitCode} ${healed.problem}`);
  await checkMachine(expected);
}

/** The labs are as their good commits say, what is not theirs is there, and no run is open. */
async function checkMachine({ labs }: Expectation): Promise<void> {
  for (const lab of LABS) {
    const { good } = labs[lab];
    must(!isInterrupted(lab), `${lab}: the journal is still there`);
    must(isRecorded(lab) === (good !== null), `${lab}: it is ${good === null ? '' : 'not '}on the machine`);
    if (good === null) continue;
    const view = await plan(good.text);
    must(view !== null, `${lab}: the plan of the good commit is refused`);
    const left = view.described.map(({ operation }) => `${operation.action} ${operation.id}`);
    must(left.length === 0, `${lab} is not as its good commit says: ${left.join(', ')}`);
  }
  must((await sh('ip -d link show dev taken0')).includes('other0'), 'the link of another is gone');
}

/** What was reconciled is what a fresh apply of the good texts makes, and destroy leaves nothing. */
async function compareWithFresh({ labs }: Expectation, empty: string): Promise<void> {
  const found = withoutIds(await stableSnapshot());
  const texts = LABS.flatMap((lab) => labs[lab].good?.text ?? []);
  await destroyAll();
  mustEqual(await snapshot(), empty, 'destroy did not restore the machine');
  for (const text of texts) expectSuccess(await apply(text));
  mustEqual(found, withoutIds(await stableSnapshot()), 'reconcile made something else than apply');
  await destroyAll();
}

async function destroyAll(): Promise<void> {
  for (const lab of LABS.filter(isRecorded)) expectSuccess(await destroy(lab));
}

/** A lab that outlives a boot keeps its id. */
const withoutIds = (text: string): string => text.replace(/(netform:v1:[a-z]+:)[0-9a-f]{8}/g, '$1…');
