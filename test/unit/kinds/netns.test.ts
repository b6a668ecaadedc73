import { expect, test } from 'vitest';
import { sysctlFacts } from '../../support/facts.ts';
import * as given from './fixture.ts';

const kind = given.kindOf('netns');
const sysctls = { 'net/ipv4/conf/all/accept_redirects': '1', 'net/ipv4/ip_forward': '0' };
const at = ['namespaces', 'red'];
const red = given.only('netns', given.labWith({ namespaces: [{ name: 'red', at, sysctls, forwardingFor: 'nat' }] }));

test('a namespace is marked and has its sysctls before it is published', () => {
  expect(red).toMatchObject({ id: 'netns:red', netns: 'red', within: [], note: 'forwarding for nat' });
  expect(kind.instructions(given.created(red), 'make', given.contextWith())).toEqual([
    [{ do: 'netns.add', netns: 'red', mark: given.MARK, sysctls }],
  ]);
});

test.each([
  ['nothing there', {}, { spec: null }],
  ['ours', { mark: given.MARK }, { owner: 'ours' }],
  ["another lab's", { mark: 'netform:v1:other:01234567' }, { owner: 'foreign', whose: 'lab other' }],
  ['of another state of the same lab', { mark: `${given.MARK}0` }, { owner: 'foreign', whose: 'lab demo' }],
  ['without a mark', { mark: null }, { owner: 'foreign', whose: "no mark of netform's" }],
])('a namespace that is %s', (_title, parts, found) => {
  const live = 'mark' in parts ? given.liveWith({ red: parts }, sysctlFacts('red', sysctls)) : given.liveWith({});
  const seen = kind.observe(live, red, given.contextWith());
  expect(seen).toMatchObject(found);
  if ('mark' in parts) expect(seen.spec).toMatchObject(red.spec);
});

test('a dead file is in the way', () => {
  const live = given.liveWith({}, [{ need: { need: 'dead-namespace', netns: 'red' }, answer: 'file' }]);
  expect(kind.observe(live, red, given.contextWith())).toMatchObject({
    owner: 'foreign',
    whose: 'a dead file in /run/netns, not a namespace',
    remedy: 'ip netns del red removes it',
  });
});

test('what switching forwarding resets is written again after it', () => {
  const before = { ...red.spec, sysctls: { ...sysctls, 'net/ipv4/ip_forward': '1' } };
  const update = given.operationOf('update', red, { before, after: red.spec });
  expect(kind.instructions(update, 'make', given.contextWith(given.recordedOf(red)))).toEqual([
    [{ do: 'sysctl.set', netns: 'red', key: 'net/ipv4/ip_forward', value: '0' }],
    [{ do: 'sysctl.set', netns: 'red', key: 'net/ipv4/conf/all/accept_redirects', value: '1' }],
  ]);
});

test('taking over a foreign one marks it first; given back, it loses the mark last', () => {
  const former = { alias: 'mine', up: false, loopback: false, devices: { 'net/ipv4/conf/eth0/forwarding': '1' } };
  const found = { ...red.spec, sysctls: { ...sysctls, 'net/ipv4/ip_forward': '1' }, former };
  const adopt = given.operationOf('update', red, { before: found, after: red.spec });
  const mark = (alias: string, up: boolean) => ({ do: 'link.set', netns: 'red', name: 'lo', set: { alias, up } });
  const set = (key: string, value: string) => ({ do: 'sysctl.set', netns: 'red', key, value });
  const redirects = set('net/ipv4/conf/all/accept_redirects', '1');
  expect(kind.instructions(adopt, 'make', given.contextWith())).toEqual([
    [mark(given.MARK, true)],
    [set('net/ipv4/ip_forward', '0')],
    [redirects],
  ]);
  const back = given.operationOf('update', red, { before: red.spec, after: found });
  expect(kind.instructions(back, 'make', given.contextWith(given.recordedOf(red)))).toEqual([
    [set('net/ipv4/ip_forward', '1')],
    [redirects],
    [{ do: 'sysctl.restore', netns: 'red', key: 'net/ipv4/conf/eth0/forwarding', value: '1' }],
    [{ do: 'address.delete', netns: 'red', dev: 'lo', prefix: '127.0.0.1/8' }],
    [mark('mine', false)],
  ]);
});

test('a sysctl that is not wanted any more becomes what a new namespace has, unless somebody changed it', () => {
  const key = 'net/ipv4/fib_multipath_hash_policy';
  const recorded = given.recordedOf({ ...red, spec: { ...red.spec, sysctls: { ...sysctls, [key]: '1' } } });
  expect(kind.query(red, given.contextWith(recorded))).toContainEqual({
    need: 'default-sysctl',
    netns: 'red',
    key,
    sysctls,
  });
  const seen = (value: string, fresh: string) => {
    const live = given.liveWith({ red: { mark: given.MARK } }, [
      ...sysctlFacts('red', { ...sysctls, [key]: value }),
      { need: { need: 'default-sysctl', netns: 'red', key }, answer: fresh },
    ]);
    return kind.observe(live, red, given.contextWith(recorded)).spec ?? {};
  };
  expect([seen('1', '1'), seen('2', '0')]).toEqual([red.spec, red.spec]);
  const update = given.operationOf('update', red, { before: seen('1', '0'), after: red.spec });
  expect(kind.instructions(update, 'make', given.contextWith(recorded))).toEqual([
    [{ do: 'sysctl.set', netns: 'red', key, value: '0' }],
  ]);
});

test('F33: a symbolic link under /run/netns is not followed, and the way that works is named', () => {
  const live = given.liveWith({}, [{ need: { need: 'dead-namespace', netns: 'red' }, answer: 'link' }]);
  expect(kind.observe(live, red, given.contextWith())).toMatchObject({
    whose: 'a symbolic link in /run/netns, which is not followed',
    remedy: expect.stringContaining('ip netns attach red PID'),
  });
});
