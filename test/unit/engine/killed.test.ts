import fc from 'fast-check';
import { expect, test } from 'vitest';
import { affectedGoal } from '../../../src/engine/apply/affected.ts';
import type { ExecutionJournal } from '../../../src/engine/apply/events.ts';
import { rollBack } from '../../../src/engine/apply/rollback.ts';
import type { RollbackBaseline } from '../../../src/engine/apply/rollback-goal.ts';
import { converge } from '../../../src/engine/converge.ts';
import type { Goal } from '../../../src/engine/goal.ts';
import type { StateEntry } from '../../../src/model/kind.ts';
import type { Machine } from '../../../src/model/machine.ts';
import { operationsOf } from '../../../src/model/operation.ts';
import { checkLab } from '../../../src/registry/checks.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { type FakeMachine, fakeMachine } from '../../support/fake-machine.ts';
import { type TopologyValue, topology } from '../../support/random-topology.ts';
import { sharedWorld } from '../../support/random-world.ts';

const seed = Number(process.env['NETFORM_SEED'] ?? 78);
const TIMEOUT_MS = 300_000;

type Records = ReadonlyMap<string, StateEntry>;
const NONE: Records = new Map();

test(
  'a run that is killed after any instruction is undone by the next one, from its journal alone',
  async () => {
    const property = fc.asyncProperty(topology, topology, fc.nat(), async (one, other, pick) => {
      const rehearsal = fakeMachine(sharedWorld());
      const saved = await reach(rehearsal, goalOf(one, NONE));
      const first = rehearsal.given.length;
      await converge(rehearsal, goalOf(other, saved), { wait: async () => {} });
      const count = rehearsal.given.length - first;
      if (count === 0) return;
      const machine = fakeMachine(sharedWorld());
      const recorded = await reach(machine, goalOf(one, NONE));
      const before = machine.dump();
      const goal = goalOf(other, recorded);
      const written = await runKilled(machine, goal, pick % count);
      // A refusal may be among it: the end of a cable whose other end's namespace is gone is there for a moment longer, and
      // is found missing when it is to be changed. The next reading sees that.
      const { status, remaining } = await rollBack(fakeMachine(machine.world), { ...written, options: {} });
      expect({ status, remaining }).toEqual({ status: 'reached', remaining: [] });
      expect(machine.dump()).toBe(before);
    });
    await fc.assert(property, { seed, numRuns: 60 });
  },
  TIMEOUT_MS,
);

test(
  'a rollback that is killed is gone on with by the next one',
  async () => {
    const property = fc.asyncProperty(topology, fc.nat(), fc.nat(), async (value, pick, again) => {
      const machine = fakeMachine(sharedWorld());
      const before = machine.dump();
      const goal = goalOf(value, NONE);
      const written = await runKilled(machine, goal, pick % 60);
      await rollBack(dying(machine, again % 20), { ...written, options: { wait: async () => {} } });
      const { status, remaining } = await rollBack(fakeMachine(machine.world), { ...written, options: {} });
      expect({ status, remaining }).toEqual({ status: 'reached', remaining: [] });
      expect(machine.dump()).toBe(before);
    });
    await fc.assert(property, { seed, numRuns: 60 });
  },
  TIMEOUT_MS,
);

/** What the journal of a run says that is killed after so many instructions. */
async function runKilled(
  machine: FakeMachine,
  goal: Goal,
  instructions: number,
): Promise<{ readonly goal: Goal; readonly before: RollbackBaseline; readonly touched: ReadonlySet<string> }> {
  let found: RollbackBaseline = new Map();
  let scope = goal;
  const touched = new Set<string>();
  let isAlive = true;
  const journal: ExecutionJournal = {
    begin: (plan, before) => {
      found = before;
      scope = affectedGoal(goal, operationsOf(plan));
    },
    intent: ({ operations }) => {
      if (isAlive) for (const { id } of operations) touched.add(id);
    },
    done: () => {},
    commit: () => {},
  };
  const mortal = dying(machine, instructions, () => {
    isAlive = false;
  });
  await converge(mortal, goal, { journal, wait: async () => {} });
  return { goal: scope, before: found, touched };
}

/** The machine as a process sees it that dies after so many instructions: it does and sees nothing more. */
function dying(machine: FakeMachine, instructions: number, died = () => {}): Machine {
  let left = instructions;
  const mourn = () => {
    died();
    throw new Error('killed');
  };
  const execute: Machine['execute'] = (batch) => {
    const failures = batch.slice(0, Math.max(left, 0)).flatMap((one) => machine.execute([one]));
    left -= batch.length;
    if (left >= 0) return failures;
    return mourn();
  };
  return {
    read: (query) => (left < 0 ? mourn() : machine.read(query)),
    readAgain: (live, batch) => (left < 0 ? mourn() : machine.readAgain(live, batch)),
    execute,
    connect: async (batch) => execute(batch),
    afterRun: async () => {},
    close: () => {},
  };
}

function goalOf(value: TopologyValue, recorded: Records): Goal {
  const { topology: read, diagnostics } = loadTopology(JSON.stringify(value), { file: 'x', vars: {}, varFile: null });
  if (!read) throw new Error(`not a topology: ${JSON.stringify(diagnostics)}`);
  const lab = elaborateTopology(read, {});
  expect(checkLab(read, lab).filter(({ severity }) => severity === 'error')).toEqual([]);
  const rest = { foreign: 'refuse', heldByOthers: new Set<string>(), extraQuery: [] } as const;
  return { kinds, lab: 'lab', uid: '0a1b2c3d', desired: compileLab(lab), recorded, ...rest };
}

async function reach(machine: FakeMachine, goal: Goal): Promise<Records> {
  const result = await converge(machine, goal, { wait: async () => {} });
  expect(result.status).toBe('reached');
  return new Map((result.recorded ?? []).map((one) => [one.id, one]));
}
