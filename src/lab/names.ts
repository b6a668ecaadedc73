import { problem } from '../model/diagnostic.ts';
import { atValue } from '../model/place.ts';
import type { At, Ref } from '../model/topology.ts';
import { linkWords, listWords, meantHint, refWords } from './words.ts';
import { type Family, familyWords, type Placed, type Segment, type World } from './world.ts';

/** Everything that a name can stand for, in the order of declaration. Null, reported: no such namespace or interface. */
export function namedAddresses(world: World, ref: At<Ref>): readonly Placed[] | null {
  const { name, part } = ref.value;
  const devices = world.wiring.devices.get(name);
  if (!devices) {
    const hint = meantHint(name, [...world.wiring.devices.keys()], 'namespaces');
    world.report(problem('unknown-namespace', atValue(ref.at), `no namespace is called ${name}`, { hint }));
    return null;
  }
  const all = world.placedIn.get(name) ?? [];
  if (part === null) return all;
  if (part === 'lo' || devices.has(part)) return all.filter(({ link }) => link.label === part || link.name === part);
  const labels = [...devices.values()].filter(({ kind }) => kind !== 'port').map(({ label }) => label);
  const hint = meantHint(part, [...new Set(labels)], 'interfaces');
  world.report(problem('unknown-interface', atValue(ref.at), `${name} has no interface ${part}`, { hint }));
  return null;
}

/**
 * What a name stands for in a namespace that wants to send to it: its addresses on the LANs that both share, those on a
 * subnet of both first; in the namespace itself all of its own. Null, reported: unknown, or no LAN is shared.
 */
export function sharedAddresses(world: World, netns: string, ref: At<Ref>): readonly Placed[] | null {
  const all = namedAddresses(world, ref);
  if (!all || ref.value.name === netns) return all;
  const shared = onSharedLan(world, netns, all);
  if (shared.length > 0) return shared;
  const { broken } = world.wiring;
  if (!broken.has(netns) && !broken.has(ref.value.name)) world.report(noSharedLan(netns, ref, all));
  return null;
}

/** Those of one namespace's addresses that lie on a LAN where `netns` has an address too; first those on one subnet with it. */
export function onSharedLan(world: World, netns: string, all: readonly Placed[]): readonly Placed[] {
  const mine = world.placedAt.get(netns);
  const theirs = world.placedAt.get(all[0]?.link.netns ?? '');
  if (!mine || !theirs) return [];
  const [few, many] = mine.size < theirs.size ? [mine, theirs] : [theirs, mine];
  const segments = [...few.keys()].filter((segment) => many.has(segment));
  if (segments.length === 0) return [];
  const [only] = segments;
  if (only && segments.length === 1 && all === world.placedIn.get(all[0]?.link.netns ?? ''))
    return nearFirst(theirs.get(only) ?? [], mine);
  const there = new Set(segments.flatMap((segment) => theirs.get(segment) ?? []));
  return nearFirst(
    all.filter((one) => there.has(one)),
    mine,
  );
}

function nearFirst(on: readonly Placed[], mine: ReadonlyMap<Segment, readonly Placed[]>): readonly Placed[] {
  const near = on.filter((one) => one.segment && mine.get(one.segment)?.some((other) => isNear(other, one)));
  return near.length === on.length ? on : [...near, ...on.filter((one) => !near.includes(one))];
}

/** The first address of a family. */
export const firstOfFamily = (all: readonly Placed[], family: Family): Placed | null =>
  all.find(({ prefix }) => prefix.family === family) ?? null;

/** Says that a name is known, but not reachable without a router. */
export function noSharedLan(
  netns: string,
  ref: At<Ref>,
  all: readonly Placed[],
  family?: Family,
): ReturnType<typeof problem> {
  const words = refWords(ref.value);
  const which = family === undefined ? '' : ` with an ${familyWords(family)} address of both`;
  const candidates = listWords(all.map(({ address, link }) => `${address} (${linkWords(link)})`));
  // What is written anywhere is not given out: without that, the interface would get another one.
  const given = all.some(({ automatic }) => automatic) ? ', here and at the interface' : '';
  return problem('no-shared-lan', atValue(ref.at), `${netns} and ${words} share no LAN${which}`, {
    hint: all.length > 0 ? `write the address that is meant${given}: ${candidates}` : `${words} has no address`,
  });
}

function isNear(a: Placed, b: Placed): boolean {
  if (a.prefix.family !== b.prefix.family) return false;
  return networkBits(a, a.prefix.length) === networkBits(b, a.prefix.length);
}

const networkBits = ({ prefix }: Placed, length: number): bigint =>
  prefix.value >> BigInt((prefix.family === 4 ? 32 : 128) - length);
