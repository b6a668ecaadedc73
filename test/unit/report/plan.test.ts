import { expect, test } from 'vitest';
import type { Operation, PlanLine } from '../../../src/model/operation.ts';
import type { OperationView, PlanView } from '../../../src/model/results/plan-view.ts';
import { jsonAnswer } from '../../../src/report/json/answer.ts';
import { planJson } from '../../../src/report/json/plan.ts';
import { ansiPaint, plainPaint } from '../../../src/report/text/colour.ts';
import { planText } from '../../../src/report/text/plan.ts';

const base: Operation = {
  action: 'create',
  kind: 'bridge',
  id: 'bridge:host/br0',
  netns: 'host',
  before: null,
  after: {},
  changes: [],
  cause: 'file',
  takenBy: null,
  dependsOn: [],
  within: [],
  origin: null,
  note: null,
};

const line = (sign: PlanLine['sign'], noun: string, name: string, text = '', netns = 'host'): PlanLine => ({
  sign,
  netns,
  noun,
  name,
  text,
});

type OperationLines = Omit<OperationView, 'disrupts'>;

const view = (described: readonly OperationLines[], order: readonly string[] = []): PlanView => ({
  plan: { lab: 'red-blue', uid: '12345678', stages: [], read: { namespaces: 3, ms: 3.6 } },
  described: described.map((one) => ({ ...one, disrupts: 'none' })),
  facts: () => null,
  file: 'topologies/red-blue.yaml',
  extras: [],
  fate: 'kept',
  empties: false,
  order: { namespaces: order, kinds: ['netns', 'bridge'] },
});

const show = (described: readonly OperationLines[], order: readonly string[] = []) =>
  planText(view(described, order), 'plan', { paint: plainPaint, isFull: false });

test('host first, then the namespaces in the order of the file, the columns of each aligned, counts last', () => {
  const text = show(
    [
      { operation: base, lines: [line('+', 'netns', '', '', 'red')] },
      { operation: base, lines: [line('+', 'netns', '', '', 'blue')] },
      {
        operation: base,
        lines: [line('+', 'bridge', 'v-net-0', '192.168.15.5/24'), line('+', 'nat', 'masquerade', '192.168.15.0/24')],
      },
      { operation: { ...base, note: 'for nat' }, lines: [line('~', 'sysctl', 'ip_forward', '0 → 1')] },
    ],
    ['blue', 'red'],
  );
  expect(text).toBe(`netform plan topologies/red-blue.yaml

  host
    + bridge   v-net-0      192.168.15.5/24
    + nat      masquerade   192.168.15.0/24
    ~ sysctl   ip_forward   0 → 1, for nat
  blue
    + netns
  red
    + netns

Plan: 4 to add, 1 to change, 0 to replace, 0 to delete.
`);
});

test('what the kernel takes along, what comes back, and what was done by hand is said', () => {
  const text = show([
    { operation: { ...base, action: 'delete', takenBy: 'netns:red' }, lines: [line('-', 'veth', 'eth0')] },
    { operation: { ...base, action: 'replace', takenBy: 'veth:host/a' }, lines: [line('±', 'route', 'default', 'x')] },
    { operation: { ...base, action: 'update', cause: 'drift' }, lines: [line('~', 'veth', 'eth1', 'mtu 9 → 8')] },
    { operation: { ...base, cause: 'drift' }, lines: [line('+', 'veth', 'eth2')] },
  ]);
  expect(text).toContain('- veth    eth0      deleted with netns red\n');
  expect(text).toContain('± route   default   x, re-created with veth a\n');
  expect(text).toContain('~ veth    eth1      mtu 9 → 8, changed by hand\n');
  expect(text).toContain('+ veth    eth2      was removed by hand\n');
});

test('nothing to do is said in words', () => {
  expect(show([])).toBe('netform plan topologies/red-blue.yaml\n\nNothing to do.\n');
});

test('text of the machine cannot steer the terminal, and a very long name moves only its own line', () => {
  const long = 'n'.repeat(40);
  const text = show([
    { operation: base, lines: [line('+', 'route', long, 'x'), line('+', 'route', 'a', 'evil \u001b[31m\u202e')] },
  ]);
  expect(text).toContain('a   evil \\x1b[31m\\u202e\n');
  expect(text).toContain(`${long}   x\n`);
});

test('colour adds to the sign and never stands for it', () => {
  const described = [{ operation: base, lines: [line('-', 'bridge', 'br0')] }];
  const text = planText(view(described), 'plan', { paint: ansiPaint, isFull: false });
  expect(text).toContain('\u001b[31m-\u001b[0m bridge');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one.
  expect(text.replace(/\u001b\[\d+m/g, '')).toBe(show(described));
});

test('a replace is a delete and a create in JSON', () => {
  const operation: Operation = { ...base, action: 'replace', before: { mac: 'a' }, after: { mac: 'b' } };
  const json = jsonAnswer(true, planJson(view([{ operation, lines: [line('±', 'bridge', 'br0', 'mac')] }]), '0.1.0'));
  expect(json).toMatchObject({
    version: 1,
    ok: true,
    lab: 'red-blue',
    summary: { add: 0, change: 0, replace: 1, delete: 0 },
    operations: [{ id: 'bridge:host/br0', actions: ['delete', 'create'], before: { mac: 'a' }, after: { mac: 'b' } }],
  });
});

const names = Array.from({ length: 60 }, (_, i) => `h${i + 1}`);
const textOf = (described: readonly OperationLines[], verb: 'plan' | 'apply' | 'destroy', isFull = false) =>
  planText(view(described, names), verb, { paint: plainPaint, isFull });
const each = (lineOf: (netns: string, i: number) => readonly PlanLine[]): readonly OperationLines[] =>
  names.map((netns, i) => ({ operation: base, lines: lineOf(netns, i) }));

test('H13: what one more namespace changes in all others is one line', () => {
  const one = {
    operation: base,
    lines: [line('+', 'netns', '', '', 'new'), line('+', 'veth', 'eth0', 'to sw', 'new')],
  };
  const hosts = each((netns) => [line('~', 'file', '/etc/hosts', '+ 10.6.0.61 new', netns)]);
  const text = textOf([one, ...hosts], 'plan');
  expect(text).toBe(`netform plan topologies/red-blue.yaml

  60 namespaces, all but new
    ~ file   /etc/hosts   + 10.6.0.61 new
  new
    + netns
    + veth    eth0   to sw

netform plan --full shows each line.
Plan: 2 to add, 60 to change, 0 to replace, 0 to delete.
`);
  expect(textOf([one, ...hosts], 'apply')).toContain('\n\nnetform plan --full shows each line.\nPlan: 2 to add');
  expect(textOf([one, ...hosts], 'destroy')).not.toContain('--full');
  expect(textOf([one, ...hosts], 'plan', true).split('\n').length).toBeGreaterThan(120);
});

test('H13: what differs between namespaces has one line in each, and no object is left out', () => {
  const text = textOf(
    each((netns, i) => [
      line('+', 'netns', '', '', netns),
      line('+', 'veth', 'eth0', 'to sw', netns),
      line('+', 'address', 'eth0', `10.6.0.${i + 1}/24`, netns),
    ]),
    'plan',
  );
  expect(text).toContain(
    '\n  all 60 namespaces\n    + netns\n    + veth    eth0   to sw\n  h1    + address   eth0   10.6.0.1/24\n',
  );
  expect(text).toContain('\n  h60   + address   eth0   10.6.0.60/24\n');
});

test('H13: what the kernel takes along with a link of the same namespace is the same everywhere', () => {
  const text = textOf(
    names.map((netns) => ({
      operation: { ...base, action: 'delete', netns, takenBy: `veth:${netns}/eth0` },
      lines: [line('-', 'route', 'default', 'via 10.6.0.254', netns)],
    })),
    'destroy',
  );
  expect(text).toContain('  all 60 namespaces\n    - route   default   via 10.6.0.254, deleted with veth eth0\n');
});

test('H13: of many namespaces that have a line and many that do not, a few are named', () => {
  const half = each((netns) => [line('~', 'file', '/etc/hosts', 'x', netns)]).slice(0, 30);
  expect(textOf(half, 'plan')).toContain('  30 namespaces: h1, h2, h3, h4 and 26 more\n');
});

test('what is the same in a few namespaces stands in each', () => {
  const some = each((netns) => [line('+', 'netns', '', '', netns)]).slice(0, 8);
  expect(textOf(some, 'plan')).toContain('  h8\n    + netns\n');
});

test('M12: a long name in one namespace does not widen the columns of the others, and a very long one not even its own', () => {
  const text = show([
    {
      operation: base,
      lines: [line('+', 'bridge', 'lan', 'a'), line('+', 'sysctl', 'net.ipv4.conf.lan.rp_filter', 'b')],
    },
    {
      operation: base,
      lines: [line('+', 'sysctl', 'net.ipv4.ip_forward', 'c', 'red'), line('+', 'veth', 'eth0', 'd', 'red')],
    },
    { operation: base, lines: [line('+', 'veth', 'eth0', 'e', 'blue')] },
  ]);
  expect(text).toContain('+ bridge   lan   a\n    + sysctl   net.ipv4.conf.lan.rp_filter   b\n');
  expect(text).toContain('+ veth     eth0                  d\n');
  expect(text).toContain('+ veth   eth0   e\n');
});

test('M13: the lines of a kind are in the order of the lab, not in that of their execution', () => {
  const route = (name: string, place: number): OperationLines => ({
    operation: base,
    lines: [line('+', 'route', name)],
    place,
  });
  expect(show([route('default (IPv6)', 2), route('10.0.0.0/8', 0), route('default', 1)])).toMatch(
    /10\.0\.0\.0.*default\n.*default \(IPv6\)/s,
  );
});
