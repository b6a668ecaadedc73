import { expect, test } from 'vitest';
import {
  contextWith,
  created,
  deleted,
  kindOf,
  labWith,
  liveWith,
  only,
  portCable,
  recordedOf,
  spoken,
} from './fixture.ts';

const kind = kindOf('neighbour');
const mac = '02:00:00:00:00:09';
const resource = only(
  'neighbour',
  labWith({ cables: [portCable()], neighbours: [{ netns: 'red', dev: 'eth0', to: '10.1.0.9', mac, at: [] }] }),
);
const NEIGHBOURS = { need: 'neighbours', netns: 'red' } as const;
const entry = { dev: 'eth0', to: '10.1.0.9', mac, permanent: true, protocol: 78 };

test.each([
  ['ours', entry, { owner: 'ours', spec: resource.spec }],
  ['a learned one', { ...entry, permanent: false, protocol: null }, { spec: null }],
  ['one by hand', { ...entry, protocol: null }, { owner: 'foreign', whose: "no mark of netform's" }],
  ['of a routing daemon', { ...entry, protocol: 186 }, { owner: 'foreign', whose: 'protocol bgp' }],
])('%s', (_title, neighbour, found) => {
  const live = liveWith({}, [{ need: NEIGHBOURS, answer: [neighbour] }]);
  expect(kind.observe(live, resource, contextWith())).toMatchObject(found);
});

test('without a protocol the state decides', () => {
  const live = liveWith({}, [{ need: NEIGHBOURS, answer: [{ ...entry, protocol: null }] }]);
  expect(kind.observe(live, resource, contextWith(recordedOf(resource))).owner).toBe('ours');
});

test('it is set, deleted and shown', () => {
  expect(resource).toMatchObject({ id: 'neighbour:red/eth0/10.1.0.9', within: ['veth:red/eth0'] });
  expect(kind.instructions(created(resource), 'make', contextWith())).toMatchObject([[{ do: 'neighbour.set', mac }]]);
  expect(kind.instructions(deleted(resource), 'delete', contextWith())).toMatchObject([[{ do: 'neighbour.delete' }]]);
  expect(spoken(kind.describe(created(resource)))).toEqual([`+ red neighbour 10.1.0.9 ${mac} on eth0`]);
});
