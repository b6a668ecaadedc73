import { describe, expect, test } from 'vitest';
import type { Goal } from '../../../src/engine/goal.ts';
import { diff } from '../../../src/engine/plan/diff.ts';
import { order } from '../../../src/engine/plan/order.ts';
import type { Observation, Resource } from '../../../src/model/resource.ts';
import { growthOfCalls } from '../../support/count-calls.ts';
import { fakeMachine } from '../../support/fake-machine.ts';
import { goalOf, recordedMap, testAddress, testLink, testNetns } from '../../support/test-kinds.ts';

const absent: Observation = { spec: null, owner: 'ours', whose: null };
const asFound = (resource: Resource): [string, Observation] => [
  resource.id,
  { spec: resource.spec, owner: 'ours', whose: null },
];
const asRecorded = (resources: readonly Resource[]) => recordedMap(resources.map((one) => ({ ...one, before: null })));
const needs = (resource: Resource, ...dependsOn: string[]): Resource => ({ ...resource, dependsOn });

const operationsIn = (goal: Goal, found: ReadonlyMap<string, Observation>) =>
  diff(goal, found, { live: fakeMachine().read([]), before: found }).operations;

const stagesOf = (desired: readonly Resource[], there: readonly Resource[] = [], more: Partial<Goal> = {}) => {
  const goal = goalOf(desired, { recorded: asRecorded(there), ...more });
  const found = new Map([...desired.map((one): [string, Observation] => [one.id, absent]), ...there.map(asFound)]);
  const stages = order(goal, operationsIn(goal, found));
  return stages.map((stage) => [stage.phase, ...stage.operations.map((operation) => operation.id)]);
};

describe('order', () => {
  test('makes what is needed first, whatever the ids and the order of the file', () => {
    const first = testNetns('zz');
    const second = needs(testNetns('aa'), 'room:zz');
    const third = needs(testNetns('mm'), 'room:aa', 'room:zz');
    const expected = [
      ['make', 'room:zz'],
      ['make', 'room:aa'],
      ['make', 'room:mm'],
    ];
    expect(stagesOf([third, second, first])).toEqual(expected);
    expect(stagesOf([first, third, second])).toEqual(expected);
    const away = expected.map(([, id]) => ['delete', id]).reverse();
    expect(stagesOf([], [second, third, first])).toEqual(away);
  });

  test('goes through what stays as it is', () => {
    const [low, middle] = [testNetns('zz'), needs(testNetns('mm'), 'room:zz')];
    const high = needs(testNetns('aa'), 'room:mm');
    const changed = { ...low, spec: { ...low.spec, ttl: '1' } };
    expect(stagesOf([high, middle, changed], [low, middle])).toEqual([
      ['make', 'room:zz'],
      ['make', 'room:aa'],
    ]);
  });

  test('puts the host first inside a stage, then namespace by namespace', () => {
    const hubs = [testLink('red', 'b'), testLink('blue', 'z'), testLink('red', 'a'), testLink('host', 'y')].map(
      (one) => ({
        ...one,
        within: [],
      }),
    );
    expect(stagesOf(hubs)).toEqual([['make', 'hub:host/y', 'hub:blue/z', 'hub:red/a', 'hub:red/b']]);
  });

  test('puts what may use the network behind all else that does not depend on it', () => {
    const { kinds } = goalOf([]);
    const room = kinds.get('room');
    const programs = new Map([...kinds, ...(room ? [['room', { ...room, usesNetwork: true }] as const] : [])]);
    const server = needs(testNetns('server'), 'hub:host/b');
    const client = needs(testNetns('client'), 'room:server');
    const maker = testNetns('maker');
    const made = { ...needs(testLink('host', 'a'), 'room:maker'), within: [] };
    const desired = [client, server, made, maker, testLink('host', 'b')];
    expect(stagesOf(desired, [], { kinds: programs })).toEqual([
      ['make', 'hub:host/b', 'room:maker'],
      ['make', 'hub:host/a'],
      ['make', 'room:server'],
      ['make', 'room:client'],
    ]);
    expect(stagesOf([], desired, { kinds: programs })[0]).toEqual(['delete', 'room:client']);
  });

  test('deletes before it makes', () => {
    expect(stagesOf([testNetns('aa')], [testNetns('zz')])).toEqual([
      ['delete', 'room:zz'],
      ['make', 'room:aa'],
    ]);
  });

  test('refuses a circle by name', () => {
    expect(() => stagesOf([needs(testNetns('aa'), 'room:bb'), needs(testNetns('bb'), 'room:aa')])).toThrow(
      /circle: room:aa, room:bb/,
    );
  });

  test('orders and cascades nine times as many resources with nine times as many calls', async () => {
    const labOf = (count: number) =>
      Array.from({ length: count }, (_, i) => [
        testNetns(`n${i}`, { shape: '1' }),
        ...[0, 1, 2, 3].flatMap((j) => [testLink(`n${i}`, `b${j}`), testAddress(`n${i}`, `b${j}`, '10.0.0.1/24')]),
      ]).flat();
    const ordering = (count: number) => {
      const there = labOf(count);
      const desired = there.map((one) => (one.kind === 'room' ? { ...one, spec: { ...one.spec, shape: '2' } } : one));
      return () => expect(stagesOf(desired, there)[0]).toHaveLength(4 * count + 1);
    };
    expect(await growthOfCalls(ordering, { few: 100, many: 900 })).toBeLessThan(1.5);
  });
});
