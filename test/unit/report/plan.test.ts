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
  planText(view(described, order), 'plan', plainPaint);

test('host first, then the namespaces in the order of the file, all columns aligned, counts last', () => {
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

Plan: 4 to add, 1 to change, 0 to replace, 0 to delete.   read 3 namespaces in 4 ms
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
  expect(show([])).toBe('netform plan topologies/red-blue.yaml\n\nNothing to do.   read 3 namespaces in 4 ms\n');
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
  const text = planText(view(described), 'plan', ansiPaint);
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

test('a run in a great many namespaces has one line for each that is new or goes; plan has them all', () => {
  const names = Array.from({ length: 50 }, (_, i) => `n${i}`);
  const changed = { operation: base, lines: [line('~', 'veth', 'eth0', 'mtu 9 → 8', 'n0')] };
  const made = names.slice(1).map((netns) => ({
    operation: base,
    lines: [line('+', 'netns', '', '', netns), line('+', 'veth', 'eth0', 'to sw', netns)],
  }));
  const text = (verb: 'plan' | 'apply' | 'destroy') => planText(view([changed, ...made], names), verb, plainPaint);
  expect(text('apply')).toContain(
    '\n  n0\n    ~ veth   eth0   mtu 9 → 8\n  n1   + netns, veth\n  n2   + netns, veth\n',
  );
  expect(text('apply')).toContain('\n\nnetform plan shows each change.\nPlan: 98 to add, 1 to change,');
  expect(text('destroy')).not.toContain('netform plan shows');
  expect(text('plan').split('\n').length).toBeGreaterThan(150);
});
