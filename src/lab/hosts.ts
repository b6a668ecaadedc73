import type { LabNames } from '../model/lab.ts';
import type { Placed, Segment, World } from './world.ts';

export type HostsLine = LabNames['hosts'][number];

/** The names of the lab as one namespace sees them. */
export type Roll = {
  /** Every namespace with its addresses on LANs that both share, else all; itself with all; `host` where a LAN is shared. */
  readonly lines: (netns: string) => readonly HostsLine[];
  /** Equal for namespaces that see every name alike: they are on the same LANs. */
  readonly key: (netns: string) => string;
};

/** Prepares the lines of all namespaces once; what one namespace sees differently is patched in, so that most share an array. */
export function rollOf(world: World): Roll {
  const entries = entriesOf(world);
  const all = entries.flatMap(({ name, placed }) => linesOf(name, placed));
  const position = new Map(entries.map(({ name }, index) => [name, index]));
  const numbers = new Map(world.segments.map((segment, index) => [segment, index]));
  const several = namespacesOn(world, position);
  const lansOf = (netns: string): readonly Segment[] => [...(world.placedAt.get(netns)?.keys() ?? [])];

  const key = (netns: string): string => {
    const lans = lansOf(netns)
      .map((segment) => numbers.get(segment))
      .sort();
    const isPlain = (world.placedIn.get(netns) ?? []).every(({ segment }) => segment !== null);
    return isPlain ? lans.join(' ') : `${netns}: ${lans.join(' ')}`;
  };
  const seen = new Map<string, readonly HostsLine[]>();
  return {
    key,
    lines: (netns) => {
      const known = seen.get(key(netns));
      if (known) return known;
      const lines = linesFor(netns, { world, entries, all, position, several, lans: new Set(lansOf(netns)) });
      seen.set(key(netns), lines);
      return lines;
    },
  };
}

/** A namespace, and where its lines begin among those of all. */
type Entry = { readonly name: string; readonly placed: readonly Placed[]; readonly start: number };

type Ground = {
  readonly world: World;
  readonly entries: readonly Entry[];
  readonly all: readonly HostsLine[];
  readonly position: ReadonlyMap<string, number>;
  readonly several: ReadonlyMap<Segment, readonly number[]>;
  readonly lans: ReadonlySet<Segment>;
};

function entriesOf(world: World): readonly Entry[] {
  let start = 0;
  return world.topology.namespaces.map(({ name }) => {
    const entry = { name, placed: world.placedIn.get(name) ?? [], start };
    start += entry.placed.length;
    return entry;
  });
}

const linesOf = (name: string, placed: readonly Placed[]): readonly HostsLine[] =>
  placed.map(({ address }) => ({ address, names: [name] }));

/** By LAN, the positions of the namespaces there that have addresses elsewhere too. */
function namespacesOn(world: World, position: ReadonlyMap<string, number>): Ground['several'] {
  const found = new Map<Segment, number[]>();
  for (const [netns, index] of position) {
    const here = world.placedAt.get(netns);
    const count = world.placedIn.get(netns)?.length ?? 0;
    for (const [segment, placed] of here ?? []) {
      if (placed.length === count) continue;
      const list = found.get(segment) ?? [];
      list.push(index);
      found.set(segment, list);
    }
  }
  return found;
}

function linesFor(netns: string, { world, entries, all, position, several, lans }: Ground): readonly HostsLine[] {
  const own = position.get(netns);
  const differing = new Set([...lans].flatMap((segment) => several.get(segment) ?? []));
  if (own !== undefined) differing.delete(own);
  const host = netns === 'host' ? [] : (world.placedIn.get('host') ?? []).filter((one) => isOn(one, lans));
  if (differing.size === 0 && host.length === 0) return all;
  const pieces: (readonly HostsLine[])[] = [];
  let done = 0;
  for (const index of [...differing].sort((a, b) => a - b)) {
    const entry = entries[index];
    if (!entry) continue;
    const { name, placed, start } = entry;
    pieces.push(
      all.slice(done, start),
      linesOf(
        name,
        placed.filter((one) => isOn(one, lans)),
      ),
    );
    done = start + placed.length;
  }
  const nothing: readonly HostsLine[] = [];
  return nothing.concat(...pieces, all.slice(done), linesOf('host', host));
}

const isOn = ({ segment }: Placed, lans: ReadonlySet<Segment>): boolean => segment !== null && lans.has(segment);
