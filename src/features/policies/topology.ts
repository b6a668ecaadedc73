import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { TopologySelector } from '../../model/lab-parts/selector.ts';
import type { PortRange, Protocol, Topology, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** A name, or what selects namespaces. */
export type TopologyPolicyTarget = { readonly ref: TopologyRef } | { readonly selector: TopologySelector };

/** Who may reach, or be reached: also networks, with what is taken out of them. */
export type TopologyPolicyPeer =
  | TopologyPolicyTarget
  | { readonly address: string }
  | { readonly cidr: string; readonly except: readonly string[] };

/** A port by number or by name. */
export type TopologyPolicyPort = {
  readonly protocols: readonly Protocol[];
  readonly ports: PortRange | { readonly name: string };
};

/** One rule of a direction; null: all peers, all ports. */
export type TopologyPolicyRule = {
  readonly peers: readonly TopologyValue<TopologyPolicyPeer>[] | null;
  readonly ports: readonly TopologyValue<TopologyPolicyPort>[] | null;
};

/** An entry under `policies`; a direction that is null is not isolated by it. */
export type TopologyPolicy = {
  readonly name: string;
  readonly at: Path;
  readonly project: TopologyValue<string> | null;
  readonly select: readonly TopologyValue<TopologyPolicyTarget>[];
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
