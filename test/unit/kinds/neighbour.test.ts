import { expect, test } from 'vitest';
import * as given from './fixture.ts';

const kind = given.kindOf('neighbour');
const mac = '02:00:00:00:00:09';
const resource = given.only(
  'neighbour',
  given.labWith({
    cables: [given.portCable()],
    neighbours: [{ netns: 'red', dev: 'eth0', to: '10.1.0.9', mac, at: [] }],
  }),
);
const NEIGHBOURS = { need: 'neighbours', netns: 'red' } as const;
const entry = { dev: 'eth0', to: '10.1.0.9', mac, permanent: true, protocol: 78 };

test.each([
  ['ours', entry, { owner: 'ours', spec: resource.spec }],
  ['a learned one', { ...entry, permanent: false, protocol: null }, { spec: null }],
  ['one by hand', { ...entry, protocol: null }, { owner: 'foreign', whose: "no mark of netform's" }],
  ['of a routing daemon', { ...entry, protocol: 186 }, { owner: 'foreign', whose: 'protocol bgp' }],
])('observes a neighbour: %s', (_title, neighbour, found) => {
  const live = given.liveWith({}, [{ need: NEIGHBOURS, answer: [neighbour] }]);
  expect(kind.observe(live, resource, given.contextWith())).toMatchObject(found);
});

test('without a protocol the state decides', () => {
  const live = given.liveWith({}, [{ need: NEIGHBOURS, answer: [{ ...entry, protocol: null }] }]);
  expect(kind.observe(live, resource, given.contextWith(given.recordedOf(resource))).owner).toBe('ours');
});

test('it is set, deleted and shown', () => {
  expect(resource).toMatchObject({ id: 'neighbour:red/eth0/10.1.0.9', within: ['veth:red/eth0'] });
  expect(kind.instructions(given.created(resource), 'make', given.contextWith())).toMatchObject([
    [{ do: 'neighbour.set', mac }],
  ]);
  expect(kind.instructions(given.deleted(resource), 'delete', given.contextWith())).toMatchObject([
    [{ do: 'neighbour.delete' }],
  ]);
});
