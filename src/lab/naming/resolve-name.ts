import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyRef, TopologyValue } from '../../model/topology.ts';
import type { Prefix } from '../../net/prefix.ts';
import { didYouMeanHint, formatRef } from '../messages.ts';
import {
  type AssignedAddress,
  type Family,
  formatFamily,
  type LabModel,
  type LanSegment,
  onLinkPrefix,
} from '../model.ts';
import { joinLanHint, neighbourNames, nextHopHint, noAddressHint } from './neighbours.ts';
import { withoutProject } from './project-names.ts';

/** The addresses that a name can stand for, in the order of declaration. Null, and reported: no such namespace or interface. */
export function resolveNameAddresses(
  world: LabModel,
  ref: TopologyValue<TopologyRef>,
): readonly AssignedAddress[] | null {
  const { name, part } = withoutProject(world.topology, ref.value);
  const devices = world.wiring.devices.get(name);
  if (!devices && name.includes('@')) {
    const shares = world.topology.subnets.flatMap((one) => (one.name.includes('@') ? [one.name] : []));
    const hint = didYouMeanHint(name, shares, 'shares of subnets');
    world.report(makeDiagnostic('unknown-subnet', atValue(ref.at), `there is no share ${name}`, { hint }));
    return null;
  }
  if (!devices) {
    const hint = didYouMeanHint(name, [...world.wiring.devices.keys()], 'namespaces');
    world.report(makeDiagnostic('unknown-namespace', atValue(ref.at), `there is no namespace ${name}`, { hint }));
    return null;
  }
  const all = world.addressesByNetns.get(name) ?? [];
  if (part === null) return all;
  if (part === 'lo' || devices.has(part)) return all.filter(({ link }) => link.label === part || link.name === part);
  const labels = [...devices.values()].filter(({ kind }) => kind !== 'port').map(({ label }) => label);
  const hint = didYouMeanHint(part, [...new Set(labels)], 'interfaces');
  world.report(makeDiagnostic('unknown-interface', atValue(ref.at), `${name} has no interface ${part}`, { hint }));
  return null;
}

/**
 * What a name stands for in a namespace that wants to send to it: its addresses on the LANs that both share, those on a
 * subnet of both first; in the namespace itself all of its own. Null, reported: unknown, or no LAN is shared.
 */
export function resolveSharedAddresses(
  world: LabModel,
  netns: string,
  ref: TopologyValue<TopologyRef>,
  use: NameUse,
): readonly AssignedAddress[] | null {
  const all = resolveNameAddresses(world, ref);
  if (!all || withoutProject(world.topology, ref.value).name === netns) return all;
  const shared = addressesOnSharedLan(world, netns, all);
  if (shared.length > 0) return shared;
  const { broken } = world.wiring;
  if (!broken.has(netns) && !broken.has(ref.value.name)) {
    world.report(noSharedLanProblem(world, { netns, ref, all, use }));
  }
  return null;
}

/** The addresses of a namespace on LANs where `netns` has an address too; those on a shared subnet come first. */
export function addressesOnSharedLan(
  world: LabModel,
  netns: string,
  all: readonly AssignedAddress[],
): readonly AssignedAddress[] {
  const mine = world.addressesByNetnsSegment.get(netns);
  const theirs = world.addressesByNetnsSegment.get(all[0]?.link.netns ?? '');
  if (!mine || !theirs) return [];
  const [few, many] = mine.size < theirs.size ? [mine, theirs] : [theirs, mine];
  const segments = [...few.keys()].filter((segment) => many.has(segment));
  if (segments.length === 0) return [];
  const [only] = segments;
  if (only && segments.length === 1 && all === world.addressesByNetns.get(all[0]?.link.netns ?? ''))
    return sortNearFirst(theirs.get(only) ?? [], mine);
  const there = new Set(segments.flatMap((segment) => theirs.get(segment) ?? []));
  return sortNearFirst(
    all.filter((one) => there.has(one)),
    mine,
  );
}

function sortNearFirst(
  on: readonly AssignedAddress[],
  mine: ReadonlyMap<LanSegment, readonly AssignedAddress[]>,
): readonly AssignedAddress[] {
  const near = on.filter((one) => one.segment && mine.get(one.segment)?.some((other) => isNear(other, one)));
  return near.length === on.length ? on : [...near, ...on.filter((one) => !near.includes(one))];
}

/** The first address of a family. */
export const firstAddressOfFamily = (all: readonly AssignedAddress[], family: Family): AssignedAddress | null =>
  all.find(({ prefix }) => prefix.family === family) ?? null;

/** What a name is used as, which decides the remedy: `next-hop` of a route, or a `target` that packets are sent to. */
export type NameUse = 'next-hop' | 'target';

/** Says that a name is known, but not reachable without a router. */
export function noSharedLanProblem(
  world: LabModel,
  { netns, ref, all, use, family }: UnreachableName,
): ReturnType<typeof makeDiagnostic> {
  const words = formatRef(ref.value);
  const which = family === undefined ? '' : ` with an ${formatFamily(family)} address of both`;
  const hint =
    all.length > 0 ? unreachableHint(world, { netns, ref, all, use, family }) : noAddressHint(world, ref.value.name);
  return makeDiagnostic('no-shared-lan', atValue(ref.at), `${netns} and ${words} share no LAN${which}`, {
    hint,
  });
}

type UnreachableName = {
  readonly netns: string;
  readonly ref: TopologyValue<TopologyRef>;
  /** The addresses of the name. */
  readonly all: readonly AssignedAddress[];
  readonly use: NameUse;
  readonly family?: Family | undefined;
};

function unreachableHint(world: LabModel, { netns, ref, all, use, family }: UnreachableName): string {
  const { name } = ref.value;
  if (family !== undefined && addressesOnSharedLan(world, netns, all).length > 0)
    return `give ${netns} and ${name} an ${formatFamily(family)} address on that LAN`;
  const isNextHop = use === 'next-hop' && neighbourNames(world, netns).length > 0;
  return isNextHop ? nextHopHint(world, netns, name) : joinLanHint(world, netns, all);
}

function isNear(a: AssignedAddress, { prefix }: AssignedAddress): boolean {
  const near = onLinkPrefix(a);
  if (near.family !== prefix.family) return false;
  return networkBits(near, near.length) === networkBits(prefix, near.length);
}

const networkBits = ({ family, value }: Prefix, length: number): bigint =>
  value >> BigInt((family === 4 ? 32 : 128) - length);

/** The entry of `unknown-namespace` in docs/checks.md. */
export const unknownNamespaceDoc: CheckDoc = {
  name: 'unknown-namespace',
  code: 'NF2001',
  title: 'Unknown namespace',
  explain: 'A name that stands for an address is not a namespace of the file, and not `host`.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: ruoter }] }
  router: { interfaces: { eth0: { bridge: lan } }, forwarding: false }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: router }] }
  router: { interfaces: { eth0: { bridge: lan } }, forwarding: false }
`,
};

/** The entry of `unknown-interface` in docs/checks.md. */
export const unknownInterfaceDoc: CheckDoc = {
  name: 'unknown-interface',
  code: 'NF2002',
  title: 'Unknown interface',
  explain: 'The part after the colon is not an interface of that namespace.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  blue: { interfaces: { eth0: { bridge: lan } } }
portForwards: [ "80 -> blue:eth1:80" ]
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  blue: { interfaces: { eth0: { bridge: lan } } }
portForwards: [ "80 -> blue:eth0:80" ]
`,
};

/** The entry of `no-shared-lan` in docs/checks.md. */
export const noSharedLanDoc: CheckDoc = {
  name: 'no-shared-lan',
  code: 'NF2008',
  title: 'Endpoints do not share a LAN',
  explain:
    'A name stands for an address on a shared LAN (a next hop or a target), and the two namespaces share no LAN.',
  bad: `
bridges: { lan-a: 10.1.0.0/24, lan-b: 10.2.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan-a } }, routes: [{ to: 10.9.0.0/16, via: blue }] }
  blue: { interfaces: { eth0: { bridge: lan-b } } }
`,
  good: `
bridges: { lan-a: 10.1.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan-a } }, routes: [{ to: 10.9.0.0/16, via: blue }] }
  blue: { interfaces: { eth0: { bridge: lan-a } }, forwarding: false }
`,
};
