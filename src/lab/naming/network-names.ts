import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyRef, TopologyValue } from '../../model/topology.ts';
import { addressBits } from '../../net/address.ts';
import { formatPrefix } from '../../net/prefix.ts';
import { namedSubnetPrefixes } from '../addressing/subnets.ts';
import { didYouMeanHint, formatRef } from '../messages.ts';
import type { AssignedAddress, LabModel, ModelLink } from '../model.ts';
import { resolveBridge } from '../wiring/bridges.ts';
import { withoutProject } from './project-names.ts';
import { resolveNameAddresses } from './resolve-name.ts';

/** Where a name of a network stands: in a namespace, or at top level for `host`. `bridges`: by `netns/label`. */
export type NetworkNamePlace = { readonly netns: string; readonly bridges: ReadonlyMap<string, ModelLink> };

/** All bridges, by `netns/label`. */
export const bridgesByPlace = ({ wiring }: LabModel): NetworkNamePlace['bridges'] =>
  new Map(wiring.bridges.map((bridge) => [`${bridge.netns}/${bridge.label}`, bridge]));

/** The networks that a name stands for: those of the LAN of a bridge, of a subnet, or the addresses of a namespace. Null, reported: it is none of these. */
export function resolveNetworkName(
  world: LabModel,
  { value, at }: TopologyValue<TopologyRef>,
  { netns, bridges }: NetworkNamePlace,
): readonly string[] | null {
  const bridge = resolveBridge(bridges, netns, value);
  if (bridge) return bridgePrefixes(world, bridge, at);
  const subnet = world.topology.subnets.find((one) => one.name === value.name && value.part === null);
  if (subnet) return namedSubnetPrefixes(subnet).map(({ prefix }) => formatPrefix(prefix));
  const ref = withoutProject(world.topology, value);
  if (world.wiring.devices.has(ref.name)) {
    const all = resolveNameAddresses(world, { value: ref, at });
    return all && hostPrefixes(all);
  }
  const known = [
    ...[...bridges.values()].map(({ label }) => label),
    ...world.topology.subnets.map((one) => one.name),
    ...world.wiring.devices.keys(),
  ];
  const hint = didYouMeanHint(value.name, [...new Set(known)], 'bridges, subnets or namespaces');
  world.report(
    makeDiagnostic('unknown-subnet', atValue(at), `there is no bridge, subnet or namespace ${formatRef(value)}`, {
      hint,
    }),
  );
  return null;
}

/** Addresses as prefixes of one. */
export const hostPrefixes = (all: readonly AssignedAddress[]): readonly string[] =>
  all.map(({ address, prefix }) => `${address}/${addressBits(prefix.family)}`);

function bridgePrefixes(
  world: LabModel,
  bridge: ModelLink,
  at: TopologyValue<TopologyRef>['at'],
): readonly string[] | null {
  const subnets = world.segmentByLink.get(bridge)?.subnets ?? [];
  const own = subnets.filter((subnet) => subnet.bridge === bridge);
  const prefixes = (own.length > 0 ? own : subnets).map(({ text }) => text);
  if (prefixes.length > 0 || world.wiring.broken.has(bridge.netns)) return prefixes;
  if (bridge.bridge && bridge.bridge.subnets.length > 0) return null;
  const message = `bridge ${bridge.label} has no subnet`;
  const hint = `give ${bridge.label} a subnet, or write a CIDR or any here`;
  world.report(makeDiagnostic('unknown-subnet', atValue(at), message, { hint }));
  return null;
}
