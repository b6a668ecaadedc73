import { expect, test } from 'vitest';
import { star } from '../../../bench/labs.ts';
import { converge } from '../../../src/engine/converge.ts';
import type { Goal } from '../../../src/engine/goal.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import type { FakeNetns } from '../../support/fake/world.ts';
import { type FakeMachine, fakeMachine } from '../../support/fake-machine.ts';

/** A star of three: what is done and read, in its order. */
function watched({ before = () => {}, after = () => {} }: Tampering = {}) {
  const machine = fakeMachine();
  const log: string[] = [];
  const one: FakeMachine = {
    ...machine,
    read: (query) => {
      log.push(`read ${new Set(query.flatMap((need) => (need.need === 'namespace' ? [need.netns] : []))).size}`);
      const live = machine.read(query);
      if (machine.given.length > 0 && !log.includes('connect')) before(machine);
      return live;
    },
    execute: (batch) => {
      log.push('execute');
      return machine.execute(batch);
    },
    connect: async (batch, live) => {
      log.push('connect');
      const failures = await machine.connect(batch, live);
      after(machine);
      return failures;
    },
    readAgain: (live, batch) => {
      log.push(`read again ${[...new Set(batch.map((one) => ('netns' in one ? one.netns : '')))].join(' ')}`);
      return machine.readAgain(live, batch);
    },
  };
  return { machine, one, log };
}

type Tampering = {
  readonly before?: (machine: FakeMachine) => void;
  readonly after?: (machine: FakeMachine) => void;
};

const run = (machine: FakeMachine) => converge(machine, goal(), { wait: async () => {} });
const netnsOf = (machine: FakeMachine, name: string): FakeNetns => machine.world.netns.get(name) as FakeNetns;
const portsOf = (machine: FakeMachine) =>
  [...netnsOf(machine, 'host').links.values()].filter(({ kind }) => kind === 'veth');

test('all is verified before ports come up, and then only where they are', async () => {
  const { machine, one, log } = watched({
    before: (now) => expect(portsOf(now).map(({ up }) => up)).toEqual([false, false, false]),
  });
  expect(await run(one)).toMatchObject({ status: 'reached', failures: [] });
  expect(log.filter((what) => what !== 'execute')).toEqual(['read 4', 'read 4', 'connect', 'read again host']);
  expect(log.indexOf('connect')).toBeGreaterThan(log.lastIndexOf('execute'));
  expect(portsOf(machine).map(({ up }) => up)).toEqual([true, true, true]);
});

test('memory can be freed before a run changes anything, and before its ports come up', async () => {
  const { one, log } = watched();
  await converge(one, goal(), { wait: async () => {}, freeMemory: () => log.push('free') });
  const steps = log.filter((what) => !what.startsWith('read'));
  expect(steps.filter((what, i) => what !== 'execute' || steps[i - 1] !== 'execute')).toEqual([
    ...['free', 'execute', 'free', 'connect'],
  ]);
});

test('what somebody took away meanwhile is made again before ports come up', async () => {
  const machine = fakeMachine();
  let isTaken = false;
  const seen: (readonly boolean[])[] = [];
  const tampered: FakeMachine = {
    ...machine,
    read: (query) => {
      if (machine.given.length > 0 && !isTaken) {
        netnsOf(machine, 'n1').addresses.splice(0);
        isTaken = true;
      }
      if (isTaken) seen.push(portsOf(machine).map(({ up }) => up));
      return machine.read(query);
    },
  };
  expect(await run(tampered)).toMatchObject({ status: 'reached' });
  expect(seen.length).toBeGreaterThanOrEqual(3);
  expect(new Set(seen.flat())).toEqual(new Set([false]));
  expect(portsOf(machine).map(({ up }) => up)).toEqual([true, true, true]);
});

test('what somebody changed while ports came up is seen, where they are', async () => {
  const takes: ((machine: FakeMachine) => void)[] = [
    (now) => void netnsOf(now, 'host').addresses.splice(0),
    (now) => {
      for (const port of portsOf(now)) port.up = false;
    },
  ];
  for (const take of takes) {
    let isTaken = false;
    const { machine, one } = watched({
      after: (now) => {
        if (!isTaken) take(now);
        isTaken = true;
      },
    });
    expect(await run(one)).toMatchObject({ status: 'reached' });
    expect(netnsOf(machine, 'host').addresses).not.toEqual([]);
    expect(portsOf(machine).map(({ up }) => up)).toEqual([true, true, true]);
  }
});

test('a port that is refused ends the run as it began', async () => {
  const machine = fakeMachine();
  const before = machine.dump();
  machine.refuseWhen((_nth, one) => one.do === 'link.set' && one.netns === 'host' && one.set.alias === undefined);
  expect(await run(machine)).toMatchObject({
    status: 'failed',
    failures: [{ code: 'EINJECTED' }, { code: 'EINJECTED' }, { code: 'EINJECTED' }],
    rollback: { status: 'reached' },
  });
  expect(machine.dump()).toBe(before);
});

test('with what failed left out, the ports of the rest come up', async () => {
  const machine = fakeMachine();
  machine.refuseWhen((_nth, one) => one.do === 'address.add' && one.netns === 'n2');
  const result = await converge(machine, goal(), { wait: async () => {}, onFailure: 'continue' });
  expect(result).toMatchObject({ status: 'failed', rollback: null });
  expect(portsOf(machine).map(({ up }) => up)).toEqual([true, true, true]);
});

function goal(): Goal {
  const { topology } = loadTopology(star(3), { file: 'x', vars: {}, varFile: null });
  if (!topology) throw new Error('not a topology');
  const desired = compileLab(elaborateTopology(topology, {}));
  const rest = { recorded: new Map(), foreign: 'refuse', heldByOthers: new Set<string>(), extraQuery: [] } as const;
  return { kinds, lab: 'star', uid: '0a1b2c3d', desired, ...rest };
}
