import type { AssignedAddress, LabModel, LanSegment } from '../../lab/model.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { LabHostsFiles } from './name-files.ts';

export type LabHostsLine = LabHostsFiles['hosts'][number];

/** The names of the lab as one namespace sees them. */
export type HostsDirectory = {
  /** Every namespace with its addresses on LANs that both share, else all; itself with all; `host` where a LAN is shared. */
  readonly lines: (netns: string) => readonly LabHostsLine[];
  /** Equal for namespaces that see every name alike: they are on the same LANs. */
  readonly key: (netns: string) => string;
};

/** Prepares the lines of all namespaces once; what one namespace sees differently is patched in, so that most share an array. */
export function buildHostsDirectory(world: LabModel): HostsDirectory {
  const entries = collectNamespaceHosts(world);
  const all = entries.flatMap(({ name, placed }) => toHostsLines(name, placed));
  const position = new Map(entries.map(({ name }, index) => [name, index]));
  const numbers = new Map(world.segments.map((segment, index) => [segment, index]));
  const several = multihomedNamespaces(world, position);
  const lansOf = (netns: string): readonly LanSegment[] => [
    ...(world.addressesByNetnsSegment.get(netns)?.keys() ?? []),
  ];

  const key = (netns: string): string => {
    const lans = lansOf(netns)
      .map((segment) => numbers.get(segment))
      .sort();
    const isPlain = (world.addressesByNetns.get(netns) ?? []).every(({ segment }) => segment !== null);
    return isPlain ? lans.join(' ') : `${netns}: ${lans.join(' ')}`;
  };
  const seen = new Map<string, readonly LabHostsLine[]>();
  return {
    key,
    lines: (netns) => {
      const known = seen.get(key(netns));
      if (known) return known;
      const lines = buildHostsLines(netns, { world, entries, all, position, several, lans: new Set(lansOf(netns)) });
      seen.set(key(netns), lines);
      return lines;
    },
  };
}

/** A namespace, and where its lines begin among those of all. */
type NamespaceHosts = { readonly name: string; readonly placed: readonly AssignedAddress[]; readonly start: number };

type HostsDirectoryContext = {
  readonly world: LabModel;
  readonly entries: readonly NamespaceHosts[];
  readonly all: readonly LabHostsLine[];
  readonly position: ReadonlyMap<string, number>;
  readonly several: ReadonlyMap<LanSegment, readonly number[]>;
  readonly lans: ReadonlySet<LanSegment>;
};

function collectNamespaceHosts(world: LabModel): readonly NamespaceHosts[] {
  let start = 0;
  return world.topology.namespaces.map(({ name }) => {
    const entry = { name, placed: world.addressesByNetns.get(name) ?? [], start };
    start += entry.placed.length;
    return entry;
  });
}

const toHostsLines = (name: string, placed: readonly AssignedAddress[]): readonly LabHostsLine[] =>
  placed.map(({ address }) => ({ address, names: [name] }));

/** By LAN, the positions of the namespaces there that have addresses elsewhere too. */
function multihomedNamespaces(
  world: LabModel,
  position: ReadonlyMap<string, number>,
): HostsDirectoryContext['several'] {
  const found = new Map<LanSegment, number[]>();
  for (const [netns, index] of position) {
    const here = world.addressesByNetnsSegment.get(netns);
    const count = world.addressesByNetns.get(netns)?.length ?? 0;
    for (const [segment, placed] of here ?? []) {
      if (placed.length === count) continue;
      appendTo(found, segment, index);
    }
  }
  return found;
}

function buildHostsLines(
  netns: string,
  { world, entries, all, position, several, lans }: HostsDirectoryContext,
): readonly LabHostsLine[] {
  const own = position.get(netns);
  const differing = new Set([...lans].flatMap((segment) => several.get(segment) ?? []));
  if (own !== undefined) differing.delete(own);
  const host =
    netns === 'host' ? [] : (world.addressesByNetns.get('host') ?? []).filter((one) => isOnSegment(one, lans));
  if (differing.size === 0 && host.length === 0) return all;
  const pieces: (readonly LabHostsLine[])[] = [];
  let done = 0;
  for (const index of [...differing].sort((a, b) => a - b)) {
    const entry = entries[index];
    if (!entry) continue;
    const { name, placed, start } = entry;
    pieces.push(
      all.slice(done, start),
      toHostsLines(
        name,
        placed.filter((one) => isOnSegment(one, lans)),
      ),
    );
    done = start + placed.length;
  }
  const nothing: readonly LabHostsLine[] = [];
  return nothing.concat(...pieces, all.slice(done), toHostsLines('host', host));
}

const isOnSegment = ({ segment }: AssignedAddress, lans: ReadonlySet<LanSegment>): boolean =>
  segment !== null && lans.has(segment);
