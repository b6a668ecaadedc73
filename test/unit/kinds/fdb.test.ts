import { expect, test } from 'vitest';
import type { FdbLive } from '../../../src/model/kernel/live-state.ts';
import type { Resource } from '../../../src/model/resource.ts';
import { contextWith, kindOf, liveWith, recordedOf } from './fixture.ts';

const kind = kindOf('fdb');
const mac = '00:00:00:00:00:00';
const resource: Resource = {
  ...{ kind: 'fdb', id: 'fdb:red/vx0/10.0.0.3', netns: 'red' },
  ...{ dependsOn: [], within: [], origin: null, note: null },
  spec: { dev: 'vx0', mac, to: '10.0.0.3', via: 'eth0' },
};
const entry = (more: Partial<FdbLive> = {}): FdbLive => ({ dev: 'vx0', mac, to: '10.0.0.3', via: 'eth0', ...more });
const observed = (entries: readonly FdbLive[], context = contextWith()) =>
  kind.observe(
    liveWith({}, [{ need: { need: 'forwarding-entries', netns: 'red' }, answer: entries }]),
    resource,
    context,
  );

test('the same destination is found, and one by another link only to be adopted (F02)', () => {
  expect(observed([entry()])).toMatchObject({ owner: 'shared', spec: resource.spec });
  const other = [entry({ via: null })];
  expect(observed(other).spec).toBeNull();
  expect(observed(other, contextWith(recordedOf(resource))).spec).toBeNull();
  expect(observed(other, { ...contextWith(), adopting: true }).spec).toMatchObject({ via: null });
});

test('a destination with a port of its own stands beside it (F02)', () => {
  expect(observed([entry({ unknown: [{ name: 'port', value: '8472' }] })]).spec).toBeNull();
});

test.each(['extern_learn', 'static', 'nhid'])(
  'an entry that has %s is in the way: another destination would change it (F02)',
  (name) => {
    const found = observed([entry({ to: '10.0.0.9', unknown: [{ name, value: '' }] })]);
    expect(found).toMatchObject({ owner: 'foreign', whose: `no mark of netform's, with ${name}` });
  },
);
