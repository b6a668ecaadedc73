import { describe, expect, test } from 'vitest';
import type { ConvergeOptions } from '../../../src/engine/apply/events.ts';
import { converge } from '../../../src/engine/converge.ts';
import { planGoal } from '../../../src/engine/plan/plan.ts';
import { operationsOf } from '../../../src/model/operation.ts';
import type { Resource } from '../../../src/model/resource.ts';
import { addLink, addNetns, netnsOf } from '../../support/fake/world.ts';
import { type FakeMachine, fakeMachine } from '../../support/fake-machine.ts';
import { goalOf, recordedMap, testAddress, testLink, testNetns, testSysctl } from '../../support/test-kinds.ts';

const QUICK: ConvergeOptions = { wait: async () => {} };
const LAB = [
  testNetns('red'),
  testLink('red', 'br0'),
  testAddress('red', 'br0', '10.0.0.1/24'),
  testLink('host', 'br1'),
];

/** Applies and gives what the state then says. */
async function apply(machine: FakeMachine, desired: readonly Resource[], before = goalOf([]).recorded) {
  const result = await converge(machine, goalOf(desired, { recorded: before }), QUICK);
  expect(result).toMatchObject({ status: 'reached', failures: [], remaining: [] });
  return recordedMap(result.recorded);
}

const given = (machine: FakeMachine): readonly string[] => machine.given.map((instruction) => instruction.do);

describe('apply', () => {
  test('makes what is not there, and then has nothing to do', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, LAB);
    expect(netnsOf(machine.world, 'red').addresses.map((address) => address.prefix)).toContain('10.0.0.1/24');
    const again = await converge(machine, goalOf(LAB, { recorded }), QUICK);
    expect(again).toMatchObject({ status: 'reached', plan: { stages: [] } });
  });

  test('changes in place what can be changed', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, LAB);
    const first = machine.given.length;
    await apply(machine, [...LAB.slice(1), testNetns('red', { ttl: '32' })], recorded);
    expect(given(machine).slice(first)).toEqual(['sysctl.set']);
  });

  test('replaces with a container what is in it, asking only for the container', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, LAB);
    const goal = goalOf([testNetns('red', { shape: '2' }), ...LAB.slice(1)], { recorded });
    const operations = operationsOf(planGoal(machine, goal).plan);
    expect(operations.map(({ id, action, cause, takenBy }) => [id, action, cause, takenBy])).toEqual([
      ['tag:red/br0', 'replace', 'cascade', 'hub:red/br0'],
      ['hub:red/br0', 'replace', 'cascade', 'room:red'],
      ['room:red', 'replace', 'file', null],
    ]);
    const first = machine.given.length;
    expect(await converge(machine, goal, QUICK)).toMatchObject({ status: 'reached', failures: [] });
    expect(given(machine).slice(first)).toEqual(['netns.delete', 'netns.add', 'link.add', 'link.set', 'address.add']);
  });

  test('puts back what somebody removed, and says that it was not the file', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, LAB);
    netnsOf(machine.world, 'red').addresses.length = 0;
    const result = await converge(machine, goalOf(LAB, { recorded }), QUICK);
    expect(result.status).toBe('reached');
    expect(operationsOf(result.plan)).toMatchObject([{ id: 'tag:red/br0', action: 'create', cause: 'drift' }]);
  });

  test('repairs what was lost as a side effect', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, LAB);
    const careless: FakeMachine = {
      ...machine,
      execute: (batch) => {
        const lost = batch.some((one) => one.do === 'sysctl.set');
        if (lost) netnsOf(machine.world, 'red').addresses.length = 0;
        return machine.execute(batch);
      },
    };
    const result = await converge(
      careless,
      goalOf([...LAB.slice(1), testNetns('red', { ttl: '32' })], { recorded }),
      QUICK,
    );
    expect(result).toMatchObject({ status: 'reached', failures: [] });
    expect(operationsOf(result.plan)).toHaveLength(1);
    expect(netnsOf(machine.world, 'red').addresses).toHaveLength(1);
  });
});

describe('destroy', () => {
  test('leaves the machine as it was, deleting what is in a namespace with it', async () => {
    const machine = fakeMachine();
    addLink(netnsOf(machine.world, 'host'), 'eth0', { kind: null, mac: '00:11:22:33:44:55', mtu: 1500, group: 0 });
    const before = machine.dump();
    const recorded = await apply(machine, LAB);
    const first = machine.given.length;
    await apply(machine, [], recorded);
    expect(machine.dump()).toBe(before);
    expect(given(machine).slice(first).sort()).toEqual(['link.delete', 'netns.delete']);
  });

  test('has nothing to do for what has gone already', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, LAB);
    const result = await converge(fakeMachine(), goalOf([], { recorded }), QUICK);
    expect(result).toMatchObject({ status: 'reached', recorded: [], plan: { stages: [] } });
  });

  test('does the rest when one thing is refused for ever, and names what is left', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, LAB);
    machine.refuseWhen((_nth, one) => one.do === 'link.delete');
    const result = await converge(machine, goalOf([], { recorded }), { ...QUICK, onFailure: 'continue' });
    expect(result).toMatchObject({ status: 'failed', rollback: null, remaining: [{ id: 'hub:host/br1' }] });
    expect(machine.world.netns.has('red')).toBe(false);
  });
});

describe('shared settings', () => {
  const KEY = 'net/ipv4/ip_forward';

  test('are given back as they were', async () => {
    const machine = fakeMachine();
    const before = machine.dump();
    const recorded = await apply(machine, [testSysctl(KEY, '1')]);
    expect(recorded.get(`knob:${KEY}`)).toMatchObject({ before: { value: '0' } });
    const later = await apply(machine, [testSysctl(KEY, '1'), testNetns('red')], recorded);
    expect(later.get(`knob:${KEY}`)).toMatchObject({ before: { value: '0' } });
    await apply(machine, [], later);
    expect(machine.dump()).toBe(before);
  });

  test('are left to the other labs that hold them', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, [testSysctl(KEY, '1')]);
    const goal = goalOf([], { recorded, heldByOthers: new Set([`knob:${KEY}`]) });
    expect(planGoal(machine, goal).plan.stages).toEqual([]);
  });
});

describe('what is not ours', () => {
  const withForeign = () => {
    const machine = fakeMachine();
    addLink(netnsOf(machine.world, 'host'), 'br1', { kind: 'bridge', mac: '00:00:00:00:00:09', mtu: 1500, group: 0 });
    return machine;
  };

  test('stops the run before anything is changed', async () => {
    const machine = withForeign();
    const before = machine.dump();
    const result = await converge(machine, goalOf(LAB), QUICK);
    expect(result.status).toBe('failed');
    expect(result.diagnostics).toMatchObject([{ check: 'foreign-object', foreign: true, severity: 'error' }]);
    expect(result.diagnostics[0]?.message).toContain('hub br1 already exists');
    expect([machine.dump(), machine.given]).toEqual([before, []]);
  });

  test('becomes ours when that is asked for', async () => {
    const machine = withForeign();
    const lab = [testLink('host', 'br1', { mac: '00:00:00:00:00:09' })];
    const result = await converge(machine, goalOf(lab, { foreign: 'adopt' }), QUICK);
    expect(result).toMatchObject({ status: 'reached', recorded: [{ before: { mac: '00:00:00:00:00:09' } }] });
    expect(netnsOf(machine.world, 'host').links.get('br1')?.alias).toBe('netform:v1:toy:00000001');
  });

  test('is in nobody’s way inside a namespace that goes', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, LAB);
    const link = netnsOf(machine.world, 'red').links.get('br0');
    if (link) Object.assign(link, { alias: 'somebody', group: 0 });
    await apply(machine, [], recorded);
    expect(machine.world.netns.has('red')).toBe(false);
  });

  test('is not deleted on the word of the state alone', async () => {
    const machine = fakeMachine();
    const recorded = await apply(machine, LAB);
    machine.world.netns.delete('red');
    addNetns(machine.world, 'red');
    const result = await converge(machine, goalOf([], { recorded }), QUICK);
    expect(result.diagnostics).toMatchObject([{ check: 'foreign-object' }]);
    expect(machine.world.netns.has('red')).toBe(true);
  });
});

describe('a run that fails', () => {
  const after = [
    testNetns('red', { shape: '2' }),
    testLink('red', 'br0', { mtu: 1400 }),
    testLink('host', 'br2'),
    testNetns('blue'),
  ];

  test('ends as it began, wherever it fails', async () => {
    const clean = fakeMachine();
    const saved = await apply(clean, LAB);
    const first = clean.given.length;
    await apply(clean, after, saved);
    const count = clean.given.length - first;
    expect(count).toBeGreaterThan(5);
    for (let nth = 1; nth <= count; nth++) {
      const machine = fakeMachine();
      const recorded = await apply(machine, LAB);
      const before = machine.dump();
      machine.refuseWhen((given) => given === first + nth);
      const result = await converge(machine, goalOf(after, { recorded }), QUICK);
      expect(result).toMatchObject({
        status: 'failed',
        rollback: { status: 'reached' },
        failures: [{ code: 'EINJECTED' }],
      });
      expect(machine.dump()).toBe(before);
    }
  });

  test('says what is left when the way back is refused too', async () => {
    const machine = fakeMachine();
    machine.refuseWhen((_nth, one) => one.do === 'address.add' || one.do === 'link.delete');
    const result = await converge(machine, goalOf(LAB), QUICK);
    expect(result).toMatchObject({
      status: 'failed',
      rollback: { status: 'failed', remaining: [{ id: 'hub:host/br1' }] },
    });
    expect(machine.world.netns.has('red')).toBe(false);
  });

  test('is undone when the machine throws', async () => {
    const machine = fakeMachine();
    const before = machine.dump();
    const broken: FakeMachine = {
      ...machine,
      execute: (batch) => {
        if (batch.some((one) => one.do === 'address.add')) throw new Error('out of memory');
        return machine.execute(batch);
      },
    };
    const result = await converge(broken, goalOf(LAB), QUICK);
    expect(result).toMatchObject({
      rollback: { status: 'reached' },
      failures: [{ code: 'E_INTERNAL', message: 'out of memory' }],
    });
    expect(machine.dump()).toBe(before);
  });

  test('is undone when a signal came, and the rollback is not stopped by it', async () => {
    const machine = fakeMachine();
    const before = machine.dump();
    const shouldStop = () => machine.given.length > 1;
    const result = await converge(machine, goalOf(LAB), { ...QUICK, shouldStop });
    expect(result).toMatchObject({ status: 'stopped', rollback: { status: 'reached' }, failures: [] });
    expect(machine.dump()).toBe(before);
  });

  test('is undone when what it made does not stay', async () => {
    const machine = fakeMachine();
    const before = machine.dump();
    const forgetful: FakeMachine = { ...machine, execute: (batch) => machine.execute(batch.filter(isNoAddress)) };
    const result = await converge(forgetful, goalOf(LAB), QUICK);
    expect(result).toMatchObject({ rollback: { status: 'reached' }, failures: [], remaining: [{ id: 'tag:red/br0' }] });
    expect(machine.dump()).toBe(before);
  });

  const isNoAddress = (one: { readonly do: string }): boolean => one.do !== 'address.add';
});

test('the journal is told before the machine is asked, and of the end only when it is true', async () => {
  const machine = fakeMachine();
  const said: string[] = [];
  const note = (word: string) => said.push(`${word} ${machine.given.length}`);
  const journal = {
    begin: () => note('begin'),
    intent: () => note('intent'),
    done: () => note('done'),
    commit: () => note('commit'),
  };
  await converge(machine, goalOf([testNetns('red'), testLink('red', 'br0')]), { ...QUICK, journal });
  expect(said).toEqual(['begin 0', 'intent 0', 'done 1', 'intent 1', 'done 3', 'commit 3']);
  machine.refuseWhen(() => true);
  await converge(machine, goalOf([testNetns('blue')]), { ...QUICK, journal });
  expect(said.slice(6)).toEqual(['begin 3', 'intent 3']);
});

test('a state that cannot be written is a failure like any other', async () => {
  const machine = fakeMachine();
  const before = machine.dump();
  const full = () => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  const journal = { begin: () => {}, intent: () => {}, done: () => {}, commit: full };
  const result = await converge(machine, goalOf(LAB), { ...QUICK, journal });
  expect(result).toMatchObject({ status: 'failed', rollback: { status: 'reached' }, failures: [{ code: 'ENOSPC' }] });
  expect(machine.dump()).toBe(before);
});

test('every operation is told to have started and ended once, a replace over both its halves', async () => {
  const machine = fakeMachine();
  const recorded = await apply(machine, LAB);
  const told: string[] = [];
  const goal = goalOf([testNetns('red', { shape: '2' }), testLink('red', 'br0')], { recorded });
  await converge(machine, goal, { ...QUICK, events: ({ operation, phase }) => told.push(`${phase} ${operation.id}`) });
  const all = ['hub:host/br1', 'hub:red/br0', 'room:red', 'tag:red/br0'];
  expect(told.filter((line) => line.startsWith('start')).sort()).toEqual(all.map((id) => `start ${id}`));
  expect(told.filter((line) => line.startsWith('done')).sort()).toEqual(all.map((id) => `done ${id}`));
});
