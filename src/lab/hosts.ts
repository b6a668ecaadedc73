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
  const entries = world.topology.namespaces.map(({ name }) => entryOf(world, name));
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
      const lines = linesFor(netns, { world, entries, position, several, lans: new Set(lansOf(netns)) });
      seen.set(key(netns), lines);
      return lines;
    },
  };
}

type Entry = { readonly name: string; readonly placed: readonly Placed[]; readonly lines: readonly HostsLine[] };

type Ground = {
  readonly world: World;
  readonly entries: readonly Entry[];
  readonly position: ReadonlyMap<string, number>;
  readonly several: ReadonlyMap<Segment, readonly number[]>;
  readonly lans: ReadonlySet<Segment>;
};

const entryOf = (world: World, name: string): Entry => {
  const placed = world.placedIn.get(name) ?? [];
  return { name, placed, lines: linesOf(name, placed) };
};

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

function linesFor(netns: string, { world, entries, position, several, lans }: Ground): readonly HostsLine[] {
  const own = position.get(netns);
  const differing = new Set([...lans].flatMap((segment) => several.get(segment) ?? []));
  if (own !== undefined) differing.delete(own);
  const lines: HostsLine[] = [];
  for (const [index, { name, placed, lines: all }] of entries.entries()) {
    const shown = differing.has(index)
      ? linesOf(
          name,
          placed.filter(({ segment }) => segment && lans.has(segment)),
        )
      : all;
    for (const line of shown) lines.push(line);
  }
  if (netns === 'host') return lines;
  const host = (world.placedIn.get('host') ?? []).filter(({ segment }) => segment && lans.has(segment));
  return [...lines, ...linesOf('host', host)];
}
