import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { TopologyPeer, TopologyPeerName, TopologyPeerPort } from '../../model/lab-parts/peer.ts';
import type { Topology, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** One rule of a direction; null: all peers, all ports. */
export type TopologyPolicyRule = {
  readonly peers: readonly TopologyValue<TopologyPeer>[] | null;
  readonly ports: readonly TopologyValue<TopologyPeerPort>[] | null;
};

/** An entry under `policies`; a direction that is null is not isolated by it. */
export type TopologyPolicy = {
  readonly name: string;
  readonly at: Path;
  readonly project: TopologyValue<string> | null;
  readonly select: readonly TopologyValue<TopologyPeerName>[];
  readonly ingress: readonly TopologyPolicyRule[] | null;
  readonly egress: readonly TopologyPolicyRule[] | null;
};

/** The policies of a lab, in the order of the file. */
export const writtenPolicies = featureValueOf<Topology, readonly TopologyPolicy[]>('policies', []);

/** Names of ports in policies that no namespace at that end has. */
export type UnknownPolicyPort = { readonly policy: string; readonly name: string; readonly at: Path };

/** What the checks need to know of policies. */
export const labPolicies = featureValueOf<Lab, { readonly unknownPorts: readonly UnknownPolicyPort[] }>('policies', {
  unknownPorts: [],
});
