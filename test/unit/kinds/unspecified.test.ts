import { expect, test } from 'vitest';
import { adoptUnspecified } from '../../../src/engine/plan/adopt-unspecified.ts';
import { type Json, type Spec, sameJson } from '../../../src/model/json.ts';
import type { Observation, Resource } from '../../../src/model/resource.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';

/** Specifies no MAC, no hairpin, no sysctl of a namespace but one; the forward adds hairpin and a sysctl of its own. */
const TEXT = `
version: 1
name: lab
portForwards: [{ listen: 127.0.0.1:8080, to: red:80 }]
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan }, eth1: { macvlan: { parent: eth0 } } }
    sysctls: { net.ipv4.conf.all.rp_filter: 0 }
  blue: { interfaces: { eth0: { bridge: lan } } }
`;

function desired(): readonly Resource[] {
  const { topology, diagnostics } = loadTopology(TEXT, { file: 'lab.yaml', vars: {}, varFile: null });
  expect(diagnostics).toEqual([]);
  return topology ? compileLab(elaborateTopology(topology, {})) : [];
}

/** Another value of the same type for each scalar. */
function altered(value: Json): Json {
  if (typeof value === 'string') return `other ${value}`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, altered(one)]));
}

/** The specs of a lab that adopts objects that differ in everything, by id; `serving`: another program forwards as the lab does. */
function adopted({ serving }: { readonly serving: boolean }): ReadonlyMap<string, Spec> {
  const resources = desired();
  const found = resources.map(({ id, kind, spec }): [string, Observation] => {
    const same = serving && kind === 'nft' ? { ...spec, byOthers: true } : (altered(spec) as Spec);
    return [id, { spec: same, owner: 'foreign', whose: 'made by another' }];
  });
  const rest = { recorded: new Map(), heldByOthers: new Set<string>(), extraQuery: [] };
  const goal = { kinds, lab: 'lab', uid: '0a1b2c3d', desired: resources, foreign: 'adopt', ...rest } as const;
  return new Map(adoptUnspecified(goal, new Map(found)).desired.map(({ id, spec }) => [id, spec]));
}

/** The paths of the fields in which two specs differ. */
function differences(one: Json, other: Json, path: readonly string[] = []): readonly string[] {
  if (typeof one !== 'object' || one === null || Array.isArray(one))
    return sameJson(one, other) ? [] : [path.join(' ')];
  return Object.entries(one).flatMap(([key, value]) =>
    differences(value, (other as Spec)[key] ?? null, [...path, key]),
  );
}

/** The fields that each resource keeps of the object that it adopts, and `absent` where it is not wanted at all. */
const kept = (specs: ReadonlyMap<string, Spec>) =>
  Object.fromEntries(
    desired().flatMap(({ id, kind, spec }) => {
      const own = specs.get(id);
      const fields = own ? differences(spec, own).filter((path) => !path.startsWith('sysctls ')) : ['absent'];
      return kind === 'nft' || fields.length === 0 ? [] : [[id, fields]];
    }),
  );

test('an adopted link keeps its MAC, and hairpin of a port that no forward needs', () => {
  expect(kept(adopted({ serving: false }))).toEqual({
    'bridge:host/lan': ['mac'],
    'macvlan:red/eth1': ['mac'],
    'veth:red/eth0': ['near mac', 'far mac'],
    'veth:blue/eth0': ['near mac', 'far mac', 'far hairpin'],
  });
});

test('an adopted namespace keeps the sysctls that neither the topology nor routing decides', () => {
  const specs = adopted({ serving: false });
  for (const { id, kind, spec } of desired()) {
    if (kind !== 'netns') continue;
    const fixed = ['net/ipv4/ip_forward', ...(id === 'netns:red' ? ['net/ipv4/conf/all/rp_filter'] : [])];
    const values = Object.entries(spec['sysctls'] ?? {}) as [string, string][];
    const expected = values.map(([key, value]) => [key, fixed.includes(key) ? value : `other ${value}`]);
    expect(specs.get(id)?.['sysctls']).toMatchObject(Object.fromEntries(expected));
  }
});

test('what only serves a forward is not wanted where another program forwards already', () => {
  expect(kept(adopted({ serving: true }))).toEqual({
    'bridge:host/lan': ['mac'],
    'macvlan:red/eth1': ['mac'],
    'veth:red/eth0': ['near mac', 'far mac', 'far hairpin'],
    'veth:blue/eth0': ['near mac', 'far mac', 'far hairpin'],
    'sysctl:host/net.ipv4.conf.lan.route_localnet': ['absent'],
  });
});

test('an adopted bridge that keeps VLANs apart goes on with it, unless the file says otherwise', () => {
  const resources = desired();
  const bridge = resources.find(({ id }) => id === 'bridge:host/lan');
  const options = { ...(bridge?.spec['options'] as Spec), vlanFiltering: true };
  const there: Observation = { spec: { ...bridge?.spec, options }, owner: 'foreign', whose: 'made by another' };
  const rest = { recorded: new Map(), heldByOthers: new Set<string>(), extraQuery: [] };
  const goal = { kinds, lab: 'lab', uid: '0a1b2c3d', desired: resources, foreign: 'adopt', ...rest } as const;
  const specs = new Map(
    adoptUnspecified(goal, new Map([['bridge:host/lan', there]])).desired.map(({ id, spec }) => [id, spec]),
  );
  expect(bridge?.spec['options']).not.toHaveProperty('vlanFiltering');
  expect(specs.get('bridge:host/lan')?.['options']).toEqual(options);
});
