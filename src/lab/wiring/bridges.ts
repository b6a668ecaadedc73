import type { Topology, TopologyBridge, TopologyNetns, TopologyRef } from '../../model/topology.ts';
import { shortLinkName } from '../../net/name.ts';
import { DEFAULT_VLAN } from '../../net/vlan.ts';
import type { ModelLink } from '../model.ts';

/** The declared bridges by `<namespace>/<name>`, those of the host first. The first of two with one name is the one. */
export function indexBridges(topology: Topology): Map<string, ModelLink> {
  const bridges = new Map<string, ModelLink>();
  for (const netns of [topology.host, ...topology.namespaces]) {
    for (const bridge of netns.bridges) {
      const key = `${netns.name}/${bridge.name}`;
      if (!bridges.has(key)) bridges.set(key, toBridgeLink(netns, bridge));
    }
  }
  return bridges;
}

/** The bridge that a reference means inside a namespace: a bare name is its own bridge first, then the host's. */
export function resolveBridge(
  bridges: ReadonlyMap<string, ModelLink>,
  netns: string,
  ref: TopologyRef,
): ModelLink | null {
  if (ref.part !== null) return bridges.get(`${ref.name}/${ref.part}`) ?? null;
  return bridges.get(`${netns}/${ref.name}`) ?? bridges.get(`host/${ref.name}`) ?? null;
}

/** How the bridges can be written inside a namespace: its own and the host's bare, those of others with their namespace. */
export function bridgeReferences(bridges: ReadonlyMap<string, ModelLink>, netns: string): string[] {
  return [...bridges.values()].map((bridge) =>
    bridge.netns === netns || bridge.netns === 'host' ? bridge.label : `${bridge.netns}:${bridge.label}`,
  );
}

function toBridgeLink(netns: TopologyNetns, written: TopologyBridge): ModelLink {
  const bridge = withDefaultVlan(written);
  return {
    netns: netns.name,
    name: shortLinkName(bridge.name),
    label: bridge.name,
    kind: 'switch',
    at: bridge.at,
    staticAddresses: bridge.addresses,
    automatic: false,
    up: bridge.state === 'up',
    mac: bridge.mac,
    mtu: bridge.mtu?.value ?? null,
    master: null,
    gateway: null,
    bridge,
    own: bridge.own,
    port: null,
    vlan: null,
  };
}

/** The bridge with what is written at its VLAN 1, which is its own LAN. */
function withDefaultVlan(bridge: TopologyBridge): TopologyBridge {
  const first = bridge.vlans.vlans.find(({ id }) => id?.value === DEFAULT_VLAN);
  if (!first) return bridge;
  return {
    ...bridge,
    subnets: [...bridge.subnets, ...first.subnets],
    addresses: [...bridge.addresses, ...first.addresses],
    gateway: [...bridge.gateway, ...first.gateway],
  };
}
