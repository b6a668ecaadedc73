import { formatAddress } from '../../../net/address.ts';
import { hostRange, parsePrefix } from '../../../net/prefix.ts';
import type { JsonMap } from '../../result.ts';
import { mapValue, sanitizeName, textValues } from '../../yaml-values.ts';
import { type Manifest, type ManifestLabels, textMap } from './manifests.ts';

/** A node of the cluster: a namespace that routes for the pods on its bridge. */
export type ClusterNode = {
  readonly name: string;
  /** Counts from 1. */
  readonly number: number;
  readonly labels: ManifestLabels;
  /** Of the network between the nodes, one of each family. */
  readonly addresses: readonly string[];
  /** The subnets of its pods, one of each family. */
  readonly podSubnets: readonly string[];
};

/** The network between the nodes, and what is outside: one subnet of each family. */
export const NODE_SUBNETS = ['172.30.0.0/24', 'fd00:172:30::/64'] as const;
/** The first host of that network that a LoadBalancer or a Gateway has. */
const FIRST_BALANCER = 101;
const MOST_NODES = 80;

/**
 * The nodes: those of the manifests, or as many as asked for. Without either one. `isDual`: with IPv6.
 */
export function clusterNodes(
  manifests: readonly Manifest[],
  { count, isDual }: { readonly count: number | null; readonly isDual: boolean },
): readonly ClusterNode[] {
  const written = manifests.filter(({ kind }) => kind === 'Node');
  const most = Math.min(count ?? Math.max(written.length, 1), MOST_NODES);
  return Array.from({ length: most }, (_, i) => toNode(written[i], i + 1, isDual));
}

function toNode(written: Manifest | undefined, number: number, isDual: boolean): ClusterNode {
  const cidrs = textValues(written?.spec['podCIDRs'] ?? written?.spec['podCIDR']);
  const subnet = (family: 4 | 6, otherwise: string) =>
    cidrs.find((one) => one.includes(':') === (family === 6)) ?? otherwise;
  return {
    name: written ? sanitizeName(written.name) : `node-${number}`,
    number,
    labels: { ...(written ? textMap(mapValue(written.value['metadata'])['labels']) : {}) },
    addresses: hostOfNodes(10 + number, isDual),
    podSubnets: [
      subnet(4, `10.244.${number}.0/24`),
      ...(isDual ? [subnet(6, `fd00:10:244:${number.toString(16)}::/64`)] : []),
    ],
  };
}

/** An address of the network between the nodes, in each family. */
export const hostOfNodes = (host: number, isDual: boolean): readonly string[] => [
  `172.30.0.${host}`,
  ...(isDual ? [`fd00:172:30::${host}`] : []),
];

/** Gives out addresses of balancers, one after the other. */
export function balancerAddresses(isDual: boolean): () => readonly string[] {
  let next = FIRST_BALANCER;
  return () => hostOfNodes(next++, isDual);
}

/** A node as a namespace: its pods' bridge, its uplink, and the way to the pods of the others. */
export function nodeNamespace(
  node: ClusterNode,
  { nodes, extra }: { readonly nodes: readonly ClusterNode[]; readonly extra: readonly string[] },
): JsonMap {
  const others = nodes.filter((one) => one !== node);
  const length = (address: string) => (address.includes(':') ? 64 : 24);
  const addresses = [...node.addresses, ...extra].map((one) => `${one}/${length(one)}`);
  return {
    project: NODE_PROJECT,
    ...(Object.keys(node.labels).length === 0 ? {} : { labels: node.labels }),
    forwarding: true,
    bridges: { cni0: { subnet: oneOf(node.podSubnets), address: oneOf(node.podSubnets.map(firstHost)) } },
    interfaces: { eth0: { bridge: 'nodes', address: oneOf(addresses) } },
    // As in clusters: what leaves for anything but a pod has the address of the node.
    nat: [{ masquerade: 'cni0', exceptTo: oneOf(nodes.flatMap(({ podSubnets }) => podSubnets)) }],
    ...(others.length === 0
      ? {}
      : { routes: others.flatMap((one) => one.podSubnets.map((to) => ({ to, via: one.name }))) }),
  };
}

function firstHost(subnet: string): string {
  const prefix = parsePrefix(subnet);
  return prefix === null ? subnet : formatAddress({ family: prefix.family, value: hostRange(prefix).first });
}

const oneOf = (values: readonly string[]) => (values.length === 1 ? (values[0] ?? '') : values);

/** The project of the nodes: no selector of a pod finds them. */
export const NODE_PROJECT = 'nodes';
