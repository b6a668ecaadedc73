import type { Bridge, Netns, Ref, Topology } from '../model/topology.ts';
import { linkName } from '../net/name.ts';
import type { Link } from './world.ts';

/** The declared bridges by `<namespace>/<name>`, those of the host first. The first of two with one name is the one. */
export function bridgesOf(topology: Topology): ReadonlyMap<string, Link> {
  const bridges = new Map<string, Link>();
  for (const netns of [topology.host, ...topology.namespaces]) {
    for (const bridge of netns.bridges) {
      const key = `${netns.name}/${bridge.name}`;
      if (!bridges.has(key)) bridges.set(key, linkOf(netns, bridge));
    }
  }
  return bridges;
}

/** The bridge that a reference means inside a namespace: a bare name is its own bridge first, then the host's. */
export function bridgeFor(bridges: ReadonlyMap<string, Link>, netns: string, ref: Ref): Link | null {
  if (ref.part !== null) return bridges.get(`${ref.name}/${ref.part}`) ?? null;
  return bridges.get(`${netns}/${ref.name}`) ?? bridges.get(`host/${ref.name}`) ?? null;
}

/** How the bridges can be written inside a namespace: its own and the host's bare, those of others with their namespace. */
export function bridgeNames(bridges: ReadonlyMap<string, Link>, netns: string): string[] {
  return [...bridges.values()].map((bridge) =>
    bridge.netns === netns || bridge.netns === 'host' ? bridge.label : `${bridge.netns}:${bridge.label}`,
  );
}

function linkOf(netns: Netns, bridge: Bridge): Link {
  return {
    netns: netns.name,
    name: linkName(bridge.name),
    label: bridge.name,
    kind: 'bridge',
    at: bridge.at,
    written: bridge.addresses,
    automatic: false,
    up: bridge.state === 'up',
    mac: bridge.mac,
    mtu: bridge.mtu?.value ?? null,
    master: null,
    gateway: null,
    bridge,
    vxlan: null,
  };
}
