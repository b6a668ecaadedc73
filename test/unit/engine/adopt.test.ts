import { expect, test } from 'vitest';
import { converge } from '../../../src/engine/converge.ts';
import type { Goal } from '../../../src/engine/goal.ts';
import { planGoal } from '../../../src/engine/plan/plan.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { addLink, addNetns, linkOf, netnsOf } from '../../support/fake/world.ts';
import { fakeMachine } from '../../support/fake-machine.ts';
import { recordedMap } from '../../support/test-kinds.ts';

const TOPOLOGY = {
  version: 1,
  name: 'lab',
  bridges: { br0: { subnet: '10.0.0.0/24', address: '10.0.0.1' } },
  namespaces: { red: { interfaces: { eth0: { bridge: 'br0' } } }, blue: { interfaces: { eth0: { bridge: 'br0' } } } },
};

function goalOf(foreign: Goal['foreign'], recorded: Goal['recorded'] = new Map()): Goal {
  const { topology } = loadTopology(JSON.stringify(TOPOLOGY), { file: 'x', vars: {}, varFile: null });
  if (!topology) throw new Error('not a topology');
  const desired = compileLab(elaborateTopology(topology, {}));
  return { kinds, lab: 'lab', uid: '0a1b2c3d', desired, recorded, foreign, heldByOthers: new Set(), extraQuery: [] };
}

/** A bridge and a namespace made by hand, with the names of the lab's. */
function handMade() {
  const machine = fakeMachine();
  const host = netnsOf(machine.world, 'host');
  addLink(host, 'br0', { kind: 'bridge', mac: '02:11:11:11:11:11', mtu: 1500, group: 0 });
  addNetns(machine.world, 'red');
  return machine;
}

test('each object in the way is told once, and nothing is touched', async () => {
  const machine = handMade();
  const result = await converge(machine, goalOf('refuse'));
  expect(result.diagnostics.map(({ message }) => message).sort()).toEqual([
    expect.stringContaining('bridge br0 already exists'),
    expect.stringContaining('namespace red already exists'),
  ]);
  expect(machine.given).toEqual([]);
});

test('taken over, they are the lab’s: marked, as the file says, and as they were when it goes', async () => {
  const machine = handMade();
  const before = machine.dump();
  const result = await converge(machine, goalOf('adopt'), { wait: async () => {} });
  expect(result).toMatchObject({ status: 'reached', failures: [], diagnostics: [] });
  const recorded = recordedMap(result.recorded);
  expect(planGoal(machine, goalOf('refuse', recorded)).plan.stages).toEqual([]);
  expect(netnsOf(machine.world, 'red').mark).toBe('netform:v1:lab:0a1b2c3d');
  for (const foreign of ['refuse', 'leave'] as const) {
    const copy = fakeMachine(structuredClone(machine.world));
    const gone = await converge(copy, { ...goalOf(foreign, recorded), desired: [] }, { wait: async () => {} });
    expect(gone).toMatchObject({ status: 'reached', failures: [], remaining: [], diagnostics: [] });
    expect(copy.dump()).toBe(before);
  }
});

test('a mark that was lost is written again when that is asked for', async () => {
  const machine = fakeMachine();
  const recorded = recordedMap((await converge(machine, goalOf('refuse'))).recorded);
  netnsOf(machine.world, 'red').mark = null;
  Object.assign(linkOf(netnsOf(machine.world, 'host'), 'br0'), { alias: 'mine', group: 0 });
  expect((await converge(machine, goalOf('refuse', recorded))).diagnostics).toHaveLength(2);
  const result = await converge(machine, goalOf('adopt', recorded), { wait: async () => {} });
  expect(result).toMatchObject({ status: 'reached', failures: [] });
  expect(planGoal(machine, goalOf('refuse', recorded)).plan.stages).toEqual([]);
});

test('refused anywhere, a run that takes over leaves everything as it was', async () => {
  const rehearsal = handMade();
  await converge(rehearsal, goalOf('adopt'), { wait: async () => {} });
  for (let nth = 1; nth <= rehearsal.given.length; nth++) {
    const machine = handMade();
    const before = machine.dump();
    machine.refuseWhen((given) => given === nth);
    const result = await converge(machine, goalOf('adopt'), { wait: async () => {} });
    expect(result, `refused at ${nth}`).toMatchObject({ status: 'failed', rollback: { status: 'reached' } });
    expect(machine.dump(), `refused at ${nth}`).toBe(before);
  }
});

test('refused anywhere, a run that gives back does so when it is tried again', async () => {
  const taken = handMade();
  const before = taken.dump();
  const recorded = recordedMap((await converge(taken, goalOf('adopt'), { wait: async () => {} })).recorded);
  const gone: Goal = { ...goalOf('leave', recorded), desired: [] };
  const rehearsal = fakeMachine(structuredClone(taken.world));
  await converge(rehearsal, gone, { wait: async () => {} });
  for (let nth = 1; nth <= rehearsal.given.length; nth++) {
    const machine = fakeMachine(structuredClone(taken.world));
    machine.refuseWhen((given) => given === nth);
    await converge(machine, gone, { onFailure: 'continue', wait: async () => {} });
    machine.refuseWhen(() => false);
    await converge(machine, gone, { onFailure: 'continue', wait: async () => {} });
    expect(machine.dump(), `refused at ${nth}`).toBe(before);
  }
});
