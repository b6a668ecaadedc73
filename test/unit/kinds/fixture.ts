import { NETFORM_PROTOCOL } from '../../../src/model/instruction.ts';
import type { Spec } from '../../../src/model/json.ts';
import type { LinkLive, NetnsLive } from '../../../src/model/kernel/live-state.ts';
import { type AnyFact, type LiveState, toLiveState } from '../../../src/model/kernel/need.ts';
import type { Kind, KindContext, StateEntry } from '../../../src/model/kind.ts';
import type { Lab, LabCable, LabEnd, LabLink } from '../../../src/model/lab.ts';
import type { Operation, PlanLine } from '../../../src/model/operation.ts';
import type { Resource } from '../../../src/model/resource.ts';
import { kinds } from '../../../src/registry/kinds.ts';

export const MARK = 'netform:v1:demo:01234567';

/** A lab named `demo` with what a case is about. */
export const labWith = (parts: Partial<Lab>): Lab => ({
  ...{
    name: 'demo',
    namespaces: [],
    bridges: [],
    processes: [],
    seenFiles: [],
    resolvers: [],
    storedFiles: [],
    secrets: [],
    cables: [],
    links: [],
    attachments: [],
    publications: [],
    existing: [],
    addresses: [],
    routes: [],
    rules: [],
  },
  ...{
    neighbours: [],
    sysctls: [],
    nat: [],
    forwards: [],
    ports: [],
    nft: [],
    features: {},
    files: [],
    lans: [],
    problems: [],
  },
  ...parts,
});

export const contextWith = (recorded: StateEntry | null = null): KindContext => ({
  ...{ lab: 'demo', uid: '01234567', recorded, interrupted: false },
});

export const recordedOf = (resource: Resource, before: Spec | null = null): StateEntry => {
  const { kind, id, netns, spec, dependsOn, within } = resource;
  return { kind, id, netns, spec, dependsOn, within, before };
};

export function kindOf(name: string): Kind {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
}

/** The one resource of a kind that a lab gives. */
export function only(name: string, lab: Lab): Resource {
  const [resource, ...more] = kindOf(name).compile(lab);
  if (!resource || more.length > 0) throw new Error(`${more.length} more than one ${name}`);
  return resource;
}

export const netnsLive = (parts: Partial<NetnsLive> = {}): NetnsLive => ({
  ...{ cookie: '1', mark: null, links: new Map(), addresses: [], routes: [], rules: [] },
  ...parts,
});

/** A machine with these namespaces, and what else was read of it. */
export const liveWith = (
  namespaces: { readonly [name: string]: Partial<NetnsLive> },
  more: readonly AnyFact[] = [],
): LiveState =>
  toLiveState(
    [
      ...Object.entries(namespaces).map(([netns, parts]): AnyFact => {
        return { need: { need: 'namespace', netns }, answer: netnsLive(parts) };
      }),
      ...more,
    ],
    1,
  );

export const linkLive = (parts: Partial<LinkLive> & { readonly name: string }): LinkLive => ({
  ...{ index: 2, kind: 'veth', mac: '02:4e:46:00:00:01', mtu: 1500, up: true, carrier: true, running: true },
  ...{ group: 20038, alias: MARK, master: null, peer: null, options: {}, hairpin: null },
  ...parts,
});

export const linksOf = (...links: readonly LinkLive[]): ReadonlyMap<string, LinkLive> =>
  new Map(links.map((link) => [link.name, link]));

export const endOf = (netns: string, name: string, more: Partial<LabEnd> = {}): LabEnd => ({
  ...{ netns, name, label: name, mac: '02:4e:46:00:00:01', mtu: null, up: true, master: null, hairpin: false },
  ...more,
});

export const cableOf = (near: LabEnd, far: LabEnd): LabCable => ({ kind: 'veth', ends: [near, far], at: ['links', 0] });

/** `red/eth0` to a port of the host's bridge `v-net-0`. */
export const portCable = (): LabCable =>
  cableOf(endOf('red', 'eth0'), endOf('host', 'red-eth0', { master: 'v-net-0', mac: '02:4e:46:00:00:02' }));

export const routeLive = {
  src: null,
  mtu: null,
  table: 254,
  metric: 0,
  type: 'unicast',
  protocol: NETFORM_PROTOCOL,
} as const;

export const bridgeOf = (netns: string, name: string, options: Spec = {}): LabLink => ({
  ...{ kind: 'bridge', netns, name, label: name, at: ['bridges', name], mac: '02:4e:46:00:00:0b', mtu: null, up: true },
  ...{ master: null, lower: null, overhead: 0, tunnel: null, caption: '' },
  options: { stp: false, ageing: 300, forwardDelay: 15, priority: 32768, multicastSnooping: true, ...options },
});

/** An operation as the engine makes it; changes are the differing top-level fields. */
export function operationOf(
  action: Operation['action'],
  resource: Resource,
  states: { readonly before?: Spec; readonly after?: Spec },
): Operation {
  const { kind, id, netns, dependsOn, within, origin, note } = resource;
  const before = states.before ?? null;
  const after = states.after ?? null;
  const keys = before && after ? Object.keys(after) : [];
  const changes = keys
    .filter((key) => JSON.stringify(before?.[key]) !== JSON.stringify(after?.[key]))
    .map((key) => ({ path: [key], before: before?.[key] ?? null, after: after?.[key] ?? null }));
  return {
    ...{ action, kind, id, netns, before, after, changes, cause: 'file', takenBy: null },
    ...{ dependsOn, within, origin, note },
  };
}

export const created = (resource: Resource): Operation => operationOf('create', resource, { after: resource.spec });
export const deleted = (resource: Resource): Operation => operationOf('delete', resource, { before: resource.spec });

/** `+ red veth eth0 to v-net-0`. */
export const spoken = (lines: readonly PlanLine[]): readonly string[] =>
  lines.map(({ sign, netns, noun, name, text }) => [sign, netns, noun, name, text].filter(Boolean).join(' '));
