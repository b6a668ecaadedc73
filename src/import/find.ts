import type { Inventory } from '../model/inventory.ts';
import { isName } from '../net/name.ts';
import type { Choice, End, Found, LanFound, Pair } from './world.ts';
import { keyOf, placeWords } from './world.ts';

/** The pairs and LANs among what was read. What is connected to nothing that is imported is left out, and told. */
export function find(inventory: Inventory, choice: Choice, unknown: (line: string) => void): Found {
  const places = [...inventory.namespaces.filter((name) => isUsable(name, unknown)), 'host'];
  const ends = places.flatMap((netns) => endsIn(inventory, netns));
  const byKey = new Map(ends.map((end) => [keyOf(end), end]));
  const pairs = pairsOf(ends, byKey).filter(
    ({ near, far }) => choice.host === 'whole' || near.netns !== 'host' || far.netns !== 'host',
  );
  const lans = lansOf(ends, pairs, byKey, choice);
  const known = new Set([
    ...pairs.flatMap(({ near, far }) => [near, far]).map(keyOf),
    ...lans.map(({ bridge }) => keyOf(bridge)),
  ]);
  for (const end of ends) {
    const isAsked = end.netns !== 'host' || choice.host === 'whole';
    if (isAsked && !known.has(keyOf(end)) && !isKernels(end)) unknown(lineOf(inventory, end));
  }
  return { choice, inventory, places, pairs, lans, unknown };
}

function isUsable(name: string, unknown: (line: string) => void): boolean {
  if (isName(name) && name !== 'host') return true;
  unknown(`namespace ${name}: its name cannot be one of a topology`);
  return false;
}

const endsIn = ({ live }: Inventory, netns: string): readonly End[] =>
  [...(live.netns.get(netns)?.links.values() ?? [])]
    .toSorted((a, b) => a.index - b.index)
    .map((link) => ({ netns, link }));

/** Links that are in every namespace, because a module is loaded. */
const isKernels = ({ netns, link }: End): boolean =>
  link.name === 'lo' ||
  FALLBACK.has(link.name) ||
  // A NIC of the machine is no part of a lab.
  (netns === 'host' && link.kind === null);

const FALLBACK = new Set('tunl0 gre0 gretap0 erspan0 ip_vti0 ip6_vti0 sit0 ip6tnl0 ip6gre0 teql0'.split(' '));

function lineOf({ live }: Inventory, { netns, link }: End): string {
  const own = (live.netns.get(netns)?.addresses ?? []).filter(
    ({ dev, scope }) => dev === link.name && scope !== 'link',
  );
  const addresses = own.length === 0 ? '' : ` (${own.map(({ prefix }) => prefix).join(', ')})`;
  const where = `link ${link.name}${addresses} of ${placeWords(netns)}`;
  if (link.kind === 'veth') return `${where}: its other end is in a namespace that was not read`;
  return `${where}: ${link.kind === null ? 'a device' : `of kind ${link.kind}`}, which a topology does not have`;
}

function pairsOf(ends: readonly End[], byKey: ReadonlyMap<string, End>): readonly Pair[] {
  const done = new Set<string>();
  return ends.flatMap((near): Pair[] => {
    const { peer } = near.link;
    const far = peer && byKey.get(`${peer.netns}/${peer.name}`);
    if (!far || near.link.kind !== 'veth' || done.has(keyOf(near))) return [];
    done.add(keyOf(near)).add(keyOf(far));
    return [{ near, far }];
  });
}

function lansOf(
  ends: readonly End[],
  pairs: readonly Pair[],
  byKey: ReadonlyMap<string, End>,
  { host }: Choice,
): readonly LanFound[] {
  const masterOf = ({ netns, link }: End): End | null => byKey.get(`${netns}/${link.master}`) ?? null;
  const sides = pairs.flatMap(({ near, far }) => [
    { port: near, other: far },
    { port: far, other: near },
  ]);
  return ends
    .filter(({ link }) => link.kind === 'bridge')
    .flatMap((bridge): LanFound[] => {
      const plugged = sides.filter(({ port }) => keyOf(masterOf(port) ?? port) === keyOf(bridge));
      if (plugged.length === 0 && bridge.netns === 'host' && host === 'touched') return [];
      const others = plugged.map(({ other }) => other);
      const isPort = (end: End): boolean => masterOf(end)?.link.kind === 'bridge';
      return [{ bridge, members: others.filter((other) => !isPort(other)), isJoined: others.some(isPort) }];
    });
}
