import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { Json, Spec } from '../../../src/model/json.ts';
import type { Operation } from '../../../src/model/operation.ts';
import type { PlanView } from '../../../src/model/results/plan-view.ts';
import { kinds } from '../../../src/registry/kinds.ts';
import { loadTopology } from '../../../src/registry/language.ts';
import { jsonAnswer } from '../../../src/report/json/answer.ts';
import { planJson } from '../../../src/report/json/plan.ts';
import { repository } from '../../support/machine.ts';
import type { MachineFile } from '../../support/machine-file.ts';
import { type PlanCase, textOrNull, viewOfCase } from '../../support/plan-case.ts';
import { wholeTopology } from '../../support/whole-topology.ts';

const VERSION = '0.1.0';
const SCHEMA = JSON.parse(readFileSync(join(repository, 'schemas/plan.schema.json'), 'utf8'));

/** The published schema allows keys that a later version adds; here every key that is there has to be in it. */
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(closed(SCHEMA));

/** What only a machine with programs, NICs and containers can have. */
const NEEDS_A_MACHINE = new Set(['cni', 'container', 'existing', 'move', 'run']);

/** Whether a part of a topology has one of these keys, or a bridge of Open vSwitch. `cni` at the top describes networks, which need nothing. */
const needsMachine = (part: Json): boolean =>
  typeof part === 'object' &&
  part !== null &&
  Object.entries(part).some(
    ([key, value]) => NEEDS_A_MACHINE.has(key) || (key === 'kind' && value === 'ovs') || needsMachine(value),
  );

const labs = readdirSync(join(repository, 'topologies'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const text = wholeTopology(join(repository, 'topologies', name));
    return text === null ? [] : [[name, text] as const];
  })
  .filter(([, text]) => {
    const { expanded } = loadTopology(text, { file: 'lab.yaml', vars: {}, varFile: null });
    const { cni: _networks, ...rest } = (expanded ?? {}) as Spec;
    return !needsMachine(rest);
  });

const casesFolder = join(repository, 'test/cases');
const cases = readdirSync(casesFolder, { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }): readonly [string, PlanCase] => [
    name,
    {
      topology: readFileSync(join(casesFolder, name, 'topology.yaml'), 'utf8'),
      applied: textOrNull(join(casesFolder, name, 'applied.yaml')),
      live: JSON.parse(textOrNull(join(casesFolder, name, 'live.json')) ?? '{}'),
    },
  ]);

test('the plans that create, change, repair, adopt, prune and destroy an example lab are as the schema says', async () => {
  expect(labs.length).toBeGreaterThan(10);
  for (const [name, text] of labs) {
    for (const one of plansOf(text)) {
      const view = await viewOfCase(one);
      if (typeof view === 'string') throw new Error(`${name}: ${view}`);
      expect(mistakes(planJson(view, VERSION)), name).toEqual([]);
    }
  }
});

/** Of a new lab; of one that is up: unchanged, changed, lost by hand, adopted, pruned; and the end of it. */
function plansOf(text: string): readonly PlanCase[] {
  const { expanded } = loadTopology(text, { file: 'lab.yaml', vars: {}, varFile: null });
  const last = Object.keys(expanded?.['namespaces'] ?? {}).at(-1);
  const inLast = (part: NonNullable<MachineFile['namespaces']>[string]) =>
    last === undefined ? {} : { namespaces: { [last]: part } };
  const more = text.replace('\nnamespaces:\n', '\nnamespaces:\n  one-more: {}\n');
  const stray = inLast({ links: { stray: { kind: 'bridge' } } });
  return [
    { topology: text, applied: null, live: {} },
    { topology: text, applied: text, live: {} },
    { topology: more, applied: text, live: {} },
    { topology: text, applied: text, live: inLast(null) },
    { topology: text, applied: null, live: { ...inLast({}), run: 'plan --adopt' } },
    { topology: text, applied: text, live: { ...stray, run: 'plan --prune' } },
    { topology: text, applied: text, live: { run: 'destroy' } },
  ];
}

test('the plan of each situation under test/cases is as the schema says', async () => {
  const seen = new Set<string>();
  for (const [name, one] of cases) {
    const view = await viewOfCase(one);
    if (typeof view === 'string') continue;
    const json = planJson(view, VERSION);
    expect(mistakes(json), name).toEqual([]);
    for (const { operation, disrupts } of view.described) seen.add(operation.action).add(disrupts);
    if (view.facts()?.risk.prunes) seen.add('prunes');
    if (view.facts()?.risk.adopts) seen.add('adopts');
  }
  const all = ['create', 'update', 'replace', 'delete', 'none', 'link-flap', 'gone-for-a-moment', 'connections-lost'];
  expect([...seen].sort()).toEqual([...all, 'adopts', 'prunes'].sort());
});

test('the answer of plan, and a plan that an older netform saved, are as the schema says', async () => {
  const view = await viewOf(RED);
  const answer = { diagnostics: [], notes: ['the plan is saved'], commands: 'ip netns add red\n' };
  expect(mistakes(jsonAnswer(true, { ...answer, ...planJson(view, VERSION) }))).toEqual([]);
  const older = planJson({ ...view, facts: () => null }, VERSION);
  expect(mistakes(older)).toEqual([]);
  expect(older).toMatchObject({ digest: null, host: null, risk: null });
  expect(mistakes({ ...older, sudden: 1 })).not.toEqual([]);
});

const RED =
  'version: 1\nname: red-lab\nbridges: { lan: 10.0.0.0/24 }\nnamespaces:\n  red:\n    interfaces: { eth0: { bridge: lan } }\n';

test('an operation says where the file asks for it: file, path, line and column', async () => {
  const { operations } = planJson(await viewOf(RED), VERSION);
  const origins = (operations as readonly Spec[]).map(({ id, origin }) => [id, origin]);
  expect(Object.fromEntries(origins)).toMatchObject({
    'netns:red': { file: 'topology.yaml', path: ['namespaces', 'red'], line: 5, column: 3 },
    'bridge:host/lan': { file: 'topology.yaml', path: ['bridges', 'lan'], line: 3, column: 12 },
  });
});

test('a plan says on which machine and from which text it was made, and at what risk', async () => {
  const made = await viewOf(RED);
  expect(planJson(made, VERSION)).toMatchObject({
    schemaVersion: 1,
    netform: VERSION,
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    host: { name: expect.any(String), kernel: expect.any(String), bootId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    risk: { deletesNamespaces: false, emptiesLab: false, adopts: false, prunes: false, changesMachine: true },
  });
  const inside = await viewOf('version: 1\nname: alone\nnamespaces: { red: {} }\n');
  expect(inside.facts()?.risk.changesMachine).toBe(false);
  const gone = await viewOf(RED, { applied: RED, live: { run: 'destroy' } });
  expect(planJson(gone, VERSION)).toMatchObject({
    digest: null,
    risk: { deletesNamespaces: true, emptiesLab: true, changesMachine: true },
  });
});

test('the same machine and the same file give the same planId, and any other operation another one', async () => {
  const [view, again] = [await viewOf(RED), await viewOf(RED)];
  const idOf = (one: PlanView) => planJson(one, VERSION)['planId'];
  expect(idOf(again)).toBe(idOf(view));
  expect(idOf(await viewOf(`# a comment\n${RED}`))).toBe(idOf(view));
  const others = view.described.flatMap((one, i) => [
    view.described.toSpliced(i, 1),
    view.described.with(i, { ...one, operation: { ...one.operation, after: { ...one.operation.after, more: true } } }),
    view.described.with(i, { ...one, operation: { ...one.operation, action: 'update' as const } }),
    view.described.with(i, { ...one, operation: { ...one.operation, takenFrom: 'docker' } }),
  ]);
  const pruned = { ...view, extras: [{ netns: 'red', noun: 'route', name: 'x', text: '' }], fate: 'pruned' as const };
  const ids = [view, ...others.map((described) => ({ ...view, described })), pruned].map(idOf);
  expect(new Set(ids).size).toBe(ids.length);
});

test('unmanaged objects have one order, whatever the order in which the kernel lists them', async () => {
  const view = await viewOf(RED);
  const extras = ['b', 'a'].map((name) => ({ netns: 'red', noun: 'route', name, text: '' }));
  const [one, other] = [extras, extras.toReversed()].map((some) => planJson({ ...view, extras: some }, VERSION));
  expect(one).toEqual(other);
});

test.each<[string, Pick<Operation, 'kind' | 'action' | 'before' | 'after'>, string]>([
  ['a new thing', { kind: 'bridge', action: 'create', before: null, after: {} }, 'none'],
  ['a deleted route', { kind: 'route', action: 'delete', before: {}, after: null }, 'connections-lost'],
  ['a route that is replaced', { kind: 'route', action: 'replace', before: {}, after: {} }, 'gone-for-a-moment'],
  ['a route with other hops', { kind: 'route', action: 'update', before: {}, after: {} }, 'none'],
  ['an address that goes', address(['10.0.0.1/24', '10.0.0.2/24'], ['10.0.0.2/24']), 'connections-lost'],
  ['an address more', address(['10.0.0.1/24'], ['10.0.0.1/24', '10.0.0.2/24']), 'none'],
  ['an address with another length', address(['10.0.0.1/24'], ['10.0.0.1/16']), 'gone-for-a-moment'],
  ['forwarding turned off', sysctl('net/ipv4/ip_forward', '1', '0'), 'connections-lost'],
  ['forwarding turned on', sysctl('net/ipv4/ip_forward', '0', '1'), 'none'],
  ['another setting', sysctl('net/ipv4/tcp_ecn', '1', '0'), 'none'],
  ['a bridge set down', bridge({ up: true }, { up: false }), 'connections-lost'],
  ['a bridge with another MAC', bridge({ mac: 'a' }, { mac: 'b' }), 'link-flap'],
  ['a bridge with another MTU', bridge({ mtu: 1500 }, { mtu: 1400 }), 'none'],
  ['a bridge with spanning tree', bridge({ options: { stp: false } }, { options: { stp: true } }), 'link-flap'],
  ['a cable that moves to another bridge', veth({ master: 'a' }, { master: 'b' }), 'connections-lost'],
  ['a deleted file of names', { kind: 'names', action: 'delete', before: {}, after: null }, 'none'],
])('%s disrupts as its kind says', (_what, operation, disruption) => {
  const kind = kinds.get(operation.kind);
  expect(kind?.disrupts({ ...BASE, ...operation })).toBe(disruption);
});

const BASE: Operation = {
  ...{ action: 'update', kind: '', id: '', netns: 'red', before: null, after: null, changes: [], cause: 'file' },
  ...{ takenBy: null, dependsOn: [], within: [], origin: null, note: null },
};

function address(before: readonly string[], after: readonly string[]) {
  const spec = (prefixes: readonly string[]): Spec => ({ dev: 'eth0', prefixes, existing: false });
  return { kind: 'address', action: 'update', before: spec(before), after: spec(after) } as const;
}

function sysctl(key: string, before: string, after: string) {
  const spec = (value: string): Spec => ({ netns: 'red', key, value, devices: {} });
  return { kind: 'sysctl', action: 'update', before: spec(before), after: spec(after) } as const;
}

function bridge(before: Spec, after: Spec) {
  const base: Spec = { netns: 'red', name: 'lan', label: 'lan', mac: '', mtu: 1500, up: true, options: {} };
  return { kind: 'bridge', action: 'update', before: { ...base, ...before }, after: { ...base, ...after } } as const;
}

function veth(before: Spec, after: Spec) {
  const end: Spec = { label: 'eth0', mac: '', mtu: 1500, up: true, master: null, hairpin: false };
  const spec = (far: Spec): Spec => ({ ends: [], near: end, far: { ...end, ...far } });
  return { kind: 'veth', action: 'update', before: spec(before), after: spec(after) } as const;
}

async function viewOf(topology: string, more: Partial<PlanCase> = {}): Promise<PlanView> {
  const view = await viewOfCase({ topology, applied: null, live: {}, ...more });
  if (typeof view === 'string') throw new Error(view);
  return view;
}

function mistakes(json: Json): readonly string[] {
  validate(JSON.parse(JSON.stringify(json)));
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}

function closed(schema: Json): Spec {
  return closeObjects(schema) as Spec;
}

function closeObjects(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closeObjects);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closeObjects(value)]));
  return inner['type'] === 'object' && 'properties' in inner ? { ...inner, additionalProperties: false } : inner;
}
