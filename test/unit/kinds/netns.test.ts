import { expect, test } from 'vitest';
import {
  contextWith,
  created,
  kindOf,
  labWith,
  liveWith,
  MARK,
  only,
  operationOf,
  recordedOf,
  spoken,
} from './fixture.ts';

const kind = kindOf('netns');
const sysctls = { 'net/ipv4/conf/all/accept_redirects': '1', 'net/ipv4/ip_forward': '0' };
const at = ['namespaces', 'red'];
const red = only('netns', labWith({ namespaces: [{ name: 'red', at, sysctls, forwardingFor: 'nat' }] }));

test('a namespace is marked and has its sysctls before it is published', () => {
  expect(red).toMatchObject({ id: 'netns:red', netns: 'red', within: [], note: 'forwarding for nat' });
  expect(kind.steps(created(red), 'make', contextWith())).toEqual([
    [{ do: 'netns.add', netns: 'red', mark: MARK, sysctls }],
  ]);
  expect(spoken(kind.describe(created(red)))).toEqual(['+ red netns']);
});

test.each([
  ['nothing there', {}, { spec: null }],
  ['ours', { mark: MARK }, { owner: 'ours' }],
  ["another lab's", { mark: 'netform:v1:other:01234567' }, { owner: 'foreign', whose: 'lab other' }],
  ['of another state of the same lab', { mark: `${MARK}0` }, { owner: 'foreign', whose: 'lab demo' }],
  ['without a mark', { mark: null }, { owner: 'foreign', whose: "no mark of netform's" }],
])('a namespace that is %s', (_title, parts, found) => {
  const live =
    'mark' in parts ? liveWith({ red: { ...parts, sysctls: new Map(Object.entries(sysctls)) } }) : liveWith({});
  const seen = kind.observe(live, red, contextWith());
  expect(seen).toMatchObject(found);
  if ('mark' in parts) expect(seen.spec).toEqual(red.spec);
});

test('a dead file is in the way', () => {
  const live = liveWith({}, { deadNetns: new Set(['red']) });
  expect(kind.observe(live, red, contextWith())).toMatchObject({
    owner: 'foreign',
    whose: 'a dead file, not a namespace',
  });
});

test('what switching forwarding resets is written again after it', () => {
  const before = { ...red.spec, sysctls: { ...sysctls, 'net/ipv4/ip_forward': '1' } };
  const update = operationOf('update', red, { before, after: red.spec });
  expect(kind.steps(update, 'make', contextWith(recordedOf(red)))).toEqual([
    [{ do: 'sysctl.set', netns: 'red', key: 'net/ipv4/ip_forward', value: '0' }],
    [{ do: 'sysctl.set', netns: 'red', key: 'net/ipv4/conf/all/accept_redirects', value: '1' }],
  ]);
  expect(spoken(kind.describe(update))).toEqual(['~ red sysctl net.ipv4.ip_forward 1 → 0']);
});

test('taking over a foreign one marks it', () => {
  const adopt = operationOf('update', red, { before: red.spec, after: red.spec });
  expect(kind.steps(adopt, 'make', contextWith())).toEqual([
    [{ do: 'link.set', netns: 'red', name: 'lo', set: { alias: MARK, up: true } }],
  ]);
});
