import type { Goal } from '../../src/engine/goal.ts';
import { type Instruction, NETFORM_GROUP } from '../../src/model/instruction.ts';
import type { Spec } from '../../src/model/json.ts';
import type { LiveState } from '../../src/model/kernel/need.ts';
import { type Kind, type KindContext, markOf, type StateEntry } from '../../src/model/kind.ts';
import type { Operation } from '../../src/model/operation.ts';
import type { Observation, Resource } from '../../src/model/resource.ts';

/** A namespace. Its `shape` cannot be changed. */
export const testNetns = (name: string, spec: { shape?: string; ttl?: string } = {}): Resource =>
  resource('room', name, { name, shape: '1', ttl: '64', ...spec }, []);

/** A bridge in a room or in the host. Its MAC cannot be changed. */
export const testLink = (netns: string, name: string, spec: { mac?: string; mtu?: number } = {}): Resource =>
  resource(
    'hub',
    netns,
    { name, mac: '02:00:00:00:00:01', mtu: 1500, ...spec },
    netns === 'host' ? [] : [`room:${netns}`],
    `hub:${netns}/${name}`,
  );

/** An address on a hub. */
export const testAddress = (netns: string, dev: string, prefix: string): Resource =>
  resource('tag', netns, { dev, prefix }, [`hub:${netns}/${dev}`], `tag:${netns}/${dev}`);

/** A setting of the machine, which outlives the lab. */
export const testSysctl = (key: string, value: string): Resource =>
  resource('knob', 'host', { key, value }, [], `knob:${key}`);

/** A goal of the lab `toy`. */
export const goalOf = (desired: readonly Resource[], more: Partial<Goal> = {}): Goal => ({
  kinds: testKinds,
  lab: 'toy',
  uid: '00000001',
  desired,
  recorded: new Map(),
  foreign: 'refuse',
  heldByOthers: new Set(),
  extraQuery: [],
  ...more,
});

export const recordedMap = (recorded: readonly StateEntry[] | null): ReadonlyMap<string, StateEntry> =>
  new Map((recorded ?? []).map((one) => [one.id, one]));

const GONE: Observation = { spec: null, owner: 'ours', whose: null };
const SHAPE = 'net/ipv4/toy_shape';
const TTL = 'net/ipv4/ip_default_ttl';

const netnsKind = kind('room', {
  immutable: ['shape'],
  query: ({ netns }) => [
    { need: 'namespace', netns },
    ...[SHAPE, TTL].map((key) => ({ need: 'sysctl-value', netns, key }) as const),
  ],
  observe: (live, { netns: name }, context) => {
    const there = live.get({ need: 'namespace', netns: name });
    if (!there) return GONE;
    const sysctlOf = (key: string) => live.get({ need: 'sysctl-value', netns: name, key }) ?? '';
    const spec = { name, shape: sysctlOf(SHAPE), ttl: sysctlOf(TTL) };
    return owned(spec, there.mark, context);
  },
  make: ({ netns, before, after }, context) => {
    if (before) return [[{ do: 'sysctl.set', netns, key: TTL, value: text(after, 'ttl') }]];
    const sysctls = { [SHAPE]: text(after, 'shape'), [TTL]: text(after, 'ttl') };
    return [[{ do: 'netns.add', netns, mark: markOf(context), sysctls }]];
  },
  remove: ({ netns }) => [[{ do: 'netns.delete', netns }]],
});

const linkKind = kind('hub', {
  immutable: ['mac'],
  query: ({ netns }) => [{ need: 'namespace', netns }],
  observe: (live, { netns, spec }, context) => {
    const link = live.get({ need: 'namespace', netns })?.links.get(String(spec['name']));
    if (!link) return GONE;
    const found = { name: link.name, mac: link.mac, mtu: link.mtu };
    // Marked in the second message: between the two it is ours by its group.
    return owned(found, link.alias ?? (link.group === NETFORM_GROUP ? markOf(context) : null), context);
  },
  make: ({ netns, before, after }, context) => {
    const [name, mac, mtu] = [text(after, 'name'), text(after, 'mac'), Number(after?.['mtu'])];
    const mark: Instruction = { do: 'link.set', netns, name, set: { alias: markOf(context), up: true, mtu } };
    if (before) return [[mark]];
    const add = {
      netns,
      name,
      mac,
      mtu,
      group: NETFORM_GROUP,
      kind: 'bridge',
      master: null,
      peer: null,
      lower: null,
      options: {},
    } as const;
    return [[{ do: 'link.add', ...add }], [mark]];
  },
  remove: ({ netns, before }) => [[{ do: 'link.delete', netns, name: text(before, 'name') }]],
});

const addressKind = kind('tag', {
  immutable: [],
  query: ({ netns }) => [{ need: 'namespace', netns }],
  observe: (live, { netns, spec }, { recorded }) => {
    const mine = [spec['prefix'], recorded?.spec['prefix']];
    const found = live
      .get({ need: 'namespace', netns })
      ?.addresses.filter((a) => a.dev === spec['dev'] && mine.includes(a.prefix));
    const first = found?.find((a) => a.prefix === spec['prefix']) ?? found?.[0];
    return first ? { spec: { dev: first.dev, prefix: first.prefix }, owner: 'ours', whose: null } : GONE;
  },
  make: ({ netns, before, after }) => {
    const dev = text(after, 'dev');
    const add: Instruction = { do: 'address.add', netns, dev, prefix: text(after, 'prefix'), protocol: null };
    return before ? [[add], [{ do: 'address.delete', netns, dev, prefix: text(before, 'prefix') }]] : [[add]];
  },
  remove: ({ netns, before }) => [
    [{ do: 'address.delete', netns, dev: text(before, 'dev'), prefix: text(before, 'prefix') }],
  ],
});

const sysctlKind: Kind = {
  ...kind('knob', {
    immutable: [],
    query: ({ netns, spec }) => [
      { need: 'namespace', netns },
      { need: 'sysctl-value', netns, key: String(spec['key']) },
    ],
    observe: (live, { netns, spec }) => {
      const value = live.get({ need: 'sysctl-value', netns, key: String(spec['key']) });
      return { spec: { ...spec, value }, owner: 'shared', whose: null };
    },
    make: ({ netns, after }) => [[{ do: 'sysctl.set', netns, key: text(after, 'key'), value: text(after, 'value') }]],
    remove: () => [],
  }),
  restoreTo: (recorded) => recorded.before,
};

const testKinds: ReadonlyMap<string, Kind> = new Map(
  [netnsKind, linkKind, addressKind, sysctlKind].map((one) => [one.name, one]),
);

type Rounds = readonly (readonly Instruction[])[];

function kind(
  name: string,
  how: Pick<Kind, 'immutable' | 'query'> & {
    readonly observe: (live: LiveState, resource: Resource, context: KindContext) => Observation;
    readonly make: (operation: Operation, context: KindContext) => Rounds;
    readonly remove: (operation: Operation) => Rounds;
  },
): Kind {
  return {
    name,
    compile: () => [],
    immutable: how.immutable,
    query: how.query,
    observe: how.observe,
    instructions: (operation, phase, context) => {
      if (phase === 'delete') return how.remove(operation);
      return how.make(operation.action === 'replace' ? { ...operation, before: null } : operation, context);
    },
    describe: () => [],
    disrupts: () => 'none',
    restoreTo: () => null,
  };
}

function owned(spec: Spec, mark: string | null, context: KindContext): Observation {
  const ours = mark === markOf(context);
  return { spec, owner: ours ? 'ours' : 'foreign', whose: ours ? null : (mark ?? "no mark of netform's") };
}

const text = (spec: Spec | null, key: string): string => String(spec?.[key]);

function resource(kindName: string, netns: string, spec: Spec, within: readonly string[], id?: string): Resource {
  return {
    ...{ kind: kindName, id: id ?? `${kindName}:${netns}`, netns, spec },
    ...{ dependsOn: [], within, origin: null, note: null },
  };
}
