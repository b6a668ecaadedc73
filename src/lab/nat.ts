import { problem } from '../model/diagnostic.ts';
import type { LabNat } from '../model/lab.ts';
import { atValue } from '../model/place.ts';
import type { At, Nat, NatSource, Netns } from '../model/topology.ts';
import { familyOf } from '../net/address.ts';
import { formatPrefix } from '../net/prefix.ts';
import { bridgeFor } from './bridges.ts';
import { deviceOf } from './devices.ts';
import { networkFrom, prefixesOf } from './subnets.ts';
import { listWords, meantHint } from './words.ts';
import type { Link, World } from './world.ts';

/** The entries under `nat` with their sources as prefixes of both families; of `snat` only those of its address's family. */
export function natOf(world: World, netns: Netns, bridges: ReadonlyMap<string, Link>): readonly LabNat[] {
  return netns.nat.flatMap((nat) => {
    const from = prefixesOfAll(nat.from, { world, netns, bridges });
    const exceptTo = prefixesOfAll(nat.exceptTo, { world, netns, bridges });
    const out = nat.out && deviceOf(world, netns.name, nat.out);
    if (from === null || exceptTo === null || (nat.out && !out)) return [];
    return [
      {
        netns: netns.name,
        kind: nat.kind,
        label: listWords(nat.from.map(({ value }) => wordsOf(value))),
        from: from === 'any' ? null : ofFamily(nat, from),
        out: out?.name ?? null,
        exceptTo: exceptTo === 'any' ? [] : exceptTo,
        as: nat.as?.value ?? null,
        at: nat.at,
      },
    ];
  });
}

type Ground = { readonly world: World; readonly netns: Netns; readonly bridges: ReadonlyMap<string, Link> };

/** Null: one of them is unknown. */
function prefixesOfAll(sources: readonly At<NatSource>[], ground: Ground): 'any' | readonly string[] | null {
  const found = sources.map((source) => prefixesOfSource(source, ground));
  if (found.includes(null)) return null;
  if (found.includes('any')) return 'any';
  return [...new Set(found.flatMap((prefixes) => (Array.isArray(prefixes) ? prefixes : [])))];
}

function prefixesOfSource(
  { value, at }: At<NatSource>,
  { world, netns, bridges }: Ground,
): 'any' | readonly string[] | null {
  if ('any' in value) return 'any';
  if ('prefix' in value) {
    const prefix = networkFrom(value.prefix);
    return prefix ? [formatPrefix(prefix)] : [];
  }
  const bridge = bridgeFor(bridges, netns.name, { name: value.name, part: null });
  if (bridge) return prefixesOfBridge(world, bridge, at);
  const subnet = world.topology.subnets.find((one) => one.name === value.name);
  if (subnet) return prefixesOf(subnet).map(({ prefix }) => formatPrefix(prefix));
  const known = [...[...bridges.values()].map(({ label }) => label), ...world.topology.subnets.map((one) => one.name)];
  const hint = meantHint(value.name, known, 'bridges or subnets');
  world.report(problem('unknown-subnet', atValue(at), `no bridge or subnet is called ${value.name}`, { hint }));
  return null;
}

function prefixesOfBridge(world: World, bridge: Link, at: At<NatSource>['at']): readonly string[] | null {
  const subnets = world.segmentOf.get(bridge)?.subnets ?? [];
  const own = subnets.filter((subnet) => subnet.bridge === bridge);
  const prefixes = (own.length > 0 ? own : subnets).map(({ text }) => text);
  if (prefixes.length > 0 || world.wiring.broken.has(bridge.netns)) return prefixes;
  if (bridge.bridge && bridge.bridge.subnets.length > 0) return null;
  const message = `bridge ${bridge.label} has no subnet`;
  const hint = `give ${bridge.label} a subnet, or write a CIDR or any here`;
  world.report(problem('unknown-subnet', atValue(at), message, { hint }));
  return null;
}

/** Left as it is where nothing is of that family, for the check that says so. */
function ofFamily({ as }: Nat, from: readonly string[]): readonly string[] {
  if (!as) return from;
  const same = from.filter((prefix) => familyOf(prefix) === familyOf(as.value.address));
  return same.length > 0 ? same : from;
}

function wordsOf(source: NatSource): string {
  if ('any' in source) return 'any';
  return 'prefix' in source ? source.prefix : source.name;
}
