import { parseNetwork } from '../../lab/addressing/subnets.ts';
import { formatRef, joinLimited } from '../../lab/messages.ts';
import type { LabModel, ModelLink } from '../../lab/model.ts';
import { bridgesByPlace, hostPrefixes, resolveNetworkName } from '../../lab/naming/network-names.ts';
import { resolveSelector, selectorText } from '../../lab/selectors/select.ts';
import { resolveDevice } from '../../lab/wiring/resolve-device.ts';
import type { LabNat } from '../../model/lab.ts';
import type { TopologyNetns, TopologyValue } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { formatPrefix } from '../../net/prefix.ts';
import { natEntries, type TopologyNat, type TopologyNatSource } from './topology.ts';

/** The entries under `nat` with their sources as prefixes of both families; of `snat` only those of its address's family. */
export function resolveSourceNat(world: LabModel): readonly LabNat[] {
  const bridges = bridgesByPlace(world);
  const { host, namespaces } = world.topology;
  return [host, ...namespaces].flatMap((netns) => resolveEntries({ world, netns, bridges }));
}

function resolveEntries(context: SourceNatContext): readonly LabNat[] {
  const { world, netns } = context;
  return natEntries(netns).flatMap((nat) => {
    const from = resolveSources(nat.from, context);
    const exceptTo = resolveSources(nat.exceptTo, context);
    const out = nat.out && resolveDevice(world, netns.name, nat.out);
    if (from === null || exceptTo === null || (nat.out && !out)) return [];
    return [
      {
        netns: netns.name,
        kind: nat.kind,
        label: joinLimited(nat.from.map(({ value }) => formatNatSource(value))),
        from: from === 'any' ? null : filterByFamily(nat, from),
        out: out?.name ?? null,
        exceptTo: exceptTo === 'any' ? [] : exceptTo,
        as: nat.as?.value ?? null,
        at: nat.at,
      },
    ];
  });
}

type SourceNatContext = {
  readonly world: LabModel;
  readonly netns: TopologyNetns;
  readonly bridges: ReadonlyMap<string, ModelLink>;
};

/** Null: one of them is unknown. */
function resolveSources(
  sources: readonly TopologyValue<TopologyNatSource>[],
  ground: SourceNatContext,
): 'any' | readonly string[] | null {
  const found = sources.map((source) => resolveSourcePrefixes(source, ground));
  if (found.includes(null)) return null;
  if (found.includes('any')) return 'any';
  return [...new Set(found.flatMap((prefixes) => (Array.isArray(prefixes) ? prefixes : [])))];
}

function resolveSourcePrefixes(
  { value, at }: TopologyValue<TopologyNatSource>,
  { world, netns, bridges }: SourceNatContext,
): 'any' | readonly string[] | null {
  if ('any' in value) return 'any';
  if ('prefix' in value) {
    const prefix = parseNetwork(value.prefix);
    return prefix ? [formatPrefix(prefix)] : [];
  }
  if ('selector' in value)
    return resolveSelector(world, { value: value.selector, at }).flatMap((name) =>
      hostPrefixes(world.addressesByNetns.get(name) ?? []),
    );
  return resolveNetworkName(world, { value, at }, { netns: netns.name, bridges });
}

/** Left as it is where nothing is of that family, for the check that says so. */
function filterByFamily({ as }: TopologyNat, from: readonly string[]): readonly string[] {
  if (!as) return from;
  const same = from.filter((prefix) => familyOf(prefix) === familyOf(as.value.address));
  return same.length > 0 ? same : from;
}

function formatNatSource(source: TopologyNatSource): string {
  if ('any' in source) return 'any';
  if ('selector' in source) return selectorText(source.selector);
  return 'prefix' in source ? source.prefix : formatRef(source);
}
