import { expect, test } from 'vitest';
import { CHANGES, type Change, star } from '../../../bench/labs.ts';
import { affectedGoal } from '../../../src/engine/apply/affected.ts';
import { converge } from '../../../src/engine/converge.ts';
import type { Goal } from '../../../src/engine/goal.ts';
import { planGoal } from '../../../src/engine/plan/plan.ts';
import type { Query } from '../../../src/model/kernel/need.ts';
import type { StateEntry } from '../../../src/model/kind.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { Machine } from '../../../src/model/machine.ts';
import { operationsOf } from '../../../src/model/operation.ts';
import { checkLab } from '../../../src/registry/checks.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { growthOfCalls } from '../../support/count-calls.ts';
import { type FakeMachine, fakeMachine } from '../../support/fake-machine.ts';

test.each(Object.entries(CHANGES))(
  '%s: what is done, checked and written down is that of the change',
  async (...both) => {
    const [, change] = both;
    const [small, large] = [await workOf(change(20)), await workOf(change(200))];
    expect(large).toEqual(small);
    expect(large.instructions).toBeGreaterThan(0);
    expect(large.namespaces).toBeLessThanOrEqual(2);
  },
);

test('handles a namespace of 1,000 with as many calls as one of 100', { timeout: 300_000 }, async () => {
  expect(await growthOfCalls(applying, { few: 100, many: 1000 })).toBeLessThan(1.3);
});

/** How many instructions a change takes, how many namespaces are looked at after it, and how long its journal is. */
async function workOf({ before, after }: Change) {
  const machine = fakeMachine();
  const { recorded } = await reach(machine, goalOf(labOf(before), []));
  const goal = goalOf(labOf(after), recorded);
  const done = machine.given.length;
  const { queries, scope } = await reach(machine, goal);
  const namespaces = new Set(queries.slice(1).flatMap(namespacesIn)).size;
  const given = machine.given.slice(done).filter((one) => !one.do.startsWith('file.'));
  return { instructions: given.length, namespaces, subjects: scope };
}

const namespacesIn = (query: Query): readonly string[] =>
  query.flatMap((need) => (need.need === 'namespace' ? [need.netns] : []));

async function reach(machine: FakeMachine, goal: Goal) {
  const queries: Query[] = [];
  const watched: Machine = {
    ...machine,
    read: (query) => {
      queries.push(query);
      return machine.read(query);
    },
  };
  const result = await converge(watched, goal, { wait: async () => {} });
  expect(result.status).toBe('reached');
  const { desired, recorded } = affectedGoal(goal, operationsOf(result.plan));
  // A name that changes stands in the hosts file of every namespace, and the files are all that changes there.
  const scope = new Set([...desired.map(({ id }) => id), ...recorded.keys()].filter((id) => !id.startsWith('names:')))
    .size;
  return { recorded: result.recorded ?? [], queries, scope };
}

/** From the file to a second plan that finds nothing to do. */
function applying(count: number): () => Promise<void> {
  const text = star(count);
  return async () => {
    const machine = fakeMachine();
    const lab = labOf(text);
    const { recorded } = await reach(machine, goalOf(lab, []));
    expect(planGoal(machine, goalOf(lab, recorded)).plan.stages).toEqual([]);
  };
}

function labOf(text: string): Lab {
  const { topology, diagnostics } = loadTopology(text, { file: 'star.yaml', vars: {}, varFile: null });
  if (!topology) throw new Error(JSON.stringify(diagnostics));
  const lab = elaborateTopology(topology, {});
  expect(checkLab(topology, lab).filter(({ severity }) => severity === 'error')).toEqual([]);
  return lab;
}

function goalOf(lab: Lab, resources: readonly StateEntry[]): Goal {
  const recorded = new Map(resources.map((one) => [one.id, one]));
  const rest = { foreign: 'refuse', heldByOthers: new Set<string>(), extraQuery: [] } as const;
  return { kinds, lab: lab.name, uid: '0a1b2c3d', desired: compileLab(lab), recorded, ...rest };
}
