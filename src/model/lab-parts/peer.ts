import type { PortRange, Protocol, TopologyRef } from '../topology.ts';
import type { TopologySelector } from './selector.ts';

/** A name, or what selects namespaces. */
export type TopologyPeerName = { readonly ref: TopologyRef } | { readonly selector: TopologySelector };

/** Whom a rule is about: names, selectors, addresses, and networks, with what is taken out of them. */
export type TopologyPeer = TopologyPeerName | { readonly address: string } | PeerNetwork;

/** A port by number or by name. */
export type TopologyPeerPort = {
  readonly protocols: readonly Protocol[];
  readonly ports: PortRange | { readonly name: string };
};

/** A network in canonical text, without some networks inside of it. */
export type PeerNetwork = { readonly cidr: string; readonly except: readonly string[] };

/** Ports of one protocol. */
export type PeerPorts = { readonly protocol: Protocol; readonly ports: PortRange };
