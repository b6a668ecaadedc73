import type { Json } from '../../../model/json.ts';
import { type ImportResult, type JsonMap, omitEmpty } from '../../result.ts';
import { textValue } from '../../yaml-values.ts';
import { clientNamespace } from './client-namespace.ts';
import { clusterDns, dnsPod, dnsService } from './cluster-dns.ts';
import { type FreeNames, freeNames } from './free-names.ts';
import { gatewaysOf } from './gateways.ts';
import { ingressRules, type TargetOf } from './ingresses.ts';
import { type Manifest, type ManifestDocument, manifestPlace, readManifests } from './manifests.ts';
import { balancerAddresses, type ClusterNode, clusterNodes, NODE_SUBNETS, nodeNamespace } from './nodes.ts';
import { podNamespace } from './pod-namespace.ts';
import { type ClusterPod, type ContainerPort, isWorkload, podsOf, uniquePorts } from './pods.ts';
import { policyEntry } from './policies.ts';
import { type ClusterProxy, gatewayProxy, ingressProxy } from './proxies.ts';
import { toLabels } from './selectors.ts';
import { type ClusterService, readService, serviceEntry, targetsOf, withNodePorts } from './services.ts';
import { qualifiedName, type StandIns, standIns } from './stand-ins.ts';

export type { ManifestDocument } from './manifests.ts';

/** `lab`: the name of the topology; `nodes`: how many nodes, null: those of the manifests, or one. */
type KubernetesImportContext = { readonly lab: string; readonly nodes: number | null };

/** Kinds that are read where others name them, or that have nothing to do with a lab. */
const SILENT = ['Namespace', 'Node', 'Endpoints', 'EndpointSlice', 'IngressClass', 'GatewayClass', 'ReferenceGrant'];
const READ = ['Service', 'NetworkPolicy', 'Ingress', 'Gateway', 'HTTPRoute'];

/** The objects, what they share, and whom they tell what is left out. */
type Cluster = {
  readonly manifests: readonly Manifest[];
  readonly nodes: readonly ClusterNode[];
  readonly names: FreeNames;
  readonly isDual: boolean;
  /** Gives out addresses of the network between the nodes. */
  readonly balancer: () => readonly string[];
  readonly leaveOut: (of: Manifest, why: string) => void;
};

/**
 * Manifests of Kubernetes as a lab: a namespace for each node and each pod, with services, policies and proxies in the words of
 * the language. What cannot be said is listed by document.
 */
export function importKubernetes(
  documents: readonly ManifestDocument[],
  { lab, nodes: count }: KubernetesImportContext,
): ImportResult {
  const { manifests, unknown } = readManifests(documents);
  const leftOut: string[] = [];
  const isDual = manifests.some(mentionsIpv6);
  const nodes = clusterNodes(manifests, { count, isDual });
  const names = freeNames(['host', 'nodes', ...nodes.map(({ name }) => name)]);
  const leaveOut = (of: Manifest, why: string): void => void leftOut.push(`${manifestPlace(of)}: ${why}`);
  const cluster: Cluster = { manifests, nodes, names, isDual, balancer: balancerAddresses(isDual), leaveOut };

  const { services, pods } = servicesAndPods(cluster);
  const missing = standIns(names);
  const proxies = proxiesOf(cluster, services, missing);
  const entries = serviceEntries(cluster, services);
  const dns = entries.length > 0 ? names.take('coredns') : null;
  const isReached = proxies.length > 0 || entries.some(({ value }) => 'nodePort' in value || 'externalIPs' in value);
  const client = isReached ? names.take('client', 'outside-client') : null;
  const balancers = [...entries.flatMap((one) => one.balancers), ...proxies.flatMap(({ addresses }) => addresses)];
  const [first] = nodes;
  const bridge = `${first?.name ?? ''}:cni0`;

  const document = {
    version: 1,
    name: lab,
    ...omitEmpty({
      projects: projectsOf(manifests),
      bridges: { nodes: { subnet: isDual ? NODE_SUBNETS : NODE_SUBNETS[0] } },
      namespaces: Object.fromEntries([
        ...nodesAndPods(cluster, pods, { proxies, balancers }),
        ...missing.namespaces(bridge),
        ...(dns === null ? [] : [[dns, dnsPod(bridge)] as const]),
        ...proxies.map(({ key, value }) => [key, value] as const),
        ...(client === null
          ? []
          : [[client, clientNamespace(proxies, { node: first?.addresses ?? [], isDual })] as const]),
      ]),
      services: Object.fromEntries([
        ...entries.map(({ key, value }) => [key, value] as const),
        ...(dns === null ? [] : [['kube-dns', dnsService(isDual)] as const]),
      ]),
      policies: policiesOf(cluster),
      dns: dns === null ? null : clusterDns(isDual),
    }),
  };
  for (const one of manifests)
    if (!isWorkload(one) && !SILENT.includes(one.kind) && !READ.includes(one.kind))
      leaveOut(one, 'nothing of the network is in it');
  return { document, head: missing.lines(), comments: [], unknown, leftOut: [...new Set(leftOut)] };
}

const ofKind = ({ manifests }: Pick<Cluster, 'manifests'>, ...kinds: readonly string[]): readonly Manifest[] =>
  manifests.filter(({ kind }) => kinds.includes(kind));

/** Whether an object asks for IPv6: a service, a block of a policy, or the subnet of a node. */
function mentionsIpv6({ kind, spec }: Manifest): boolean {
  const text = JSON.stringify(spec);
  if (kind === 'Service') return /"IPv6"|"(?:Prefer|Require)DualStack"/.test(text);
  if (kind === 'NetworkPolicy') return /"cidr":"[^"]*:/.test(text);
  return kind === 'Node' && /"podCIDRs?":[^}]*[0-9a-f]:[0-9a-f:]*\//.test(text);
}

/** A pod answers on the ports of its containers, and on those to which services lead. */
function servicesAndPods(cluster: Cluster) {
  const said = podsOf(cluster.manifests, cluster.nodes, cluster.leaveOut);
  const services = withNodePorts(
    ofKind(cluster, 'Service').map((of) =>
      readService(of, cluster.names.take(of.name, `${of.name}.${of.namespace}`), said),
    ),
  );
  const pods = said.map((pod) => ({ ...pod, ports: uniquePorts([...pod.ports, ...targetsOf(pod, services)]) }));
  return { services, pods };
}

function serviceEntries(cluster: Cluster, services: readonly ClusterService[]) {
  const endpoints = ofKind(cluster, 'Endpoints', 'EndpointSlice');
  return services.flatMap((service) => {
    const entry = serviceEntry(service, { ...cluster, endpoints });
    return entry === null ? [] : [{ key: service.key, ...entry }];
  });
}

function proxiesOf(cluster: Cluster, services: readonly ClusterService[], missing: StandIns): readonly ClusterProxy[] {
  const { nodes, names, balancer, leaveOut } = cluster;
  const targetOf: TargetOf = (namespace, name, port) => {
    const found = services.find(({ of }) => of.name === name && of.namespace === namespace);
    if (found === undefined) return missing.target(namespace, name, port);
    const used = found.ports.find((one) => one.port === port || (one.name !== null && one.name === textValue(port)));
    return used === undefined ? null : `${qualifiedName(found.key, namespace)}:${used.port}`;
  };
  const bridge = `${nodes[0]?.name ?? ''}:cni0`;
  const ingress = ingressRules(ofKind(cluster, 'Ingress'), { targetOf, leaveOut });
  const hasIngress = ingress.rules.length > 0 || ingress.fallback !== null;
  const gateways = gatewaysOf(cluster.manifests, { targetOf, leaveOut });
  return [
    ...(hasIngress ? [ingressProxy(names.take('ingress'), bridge, ingress)] : []),
    ...gateways
      .filter(({ rules, ports }) => rules.length > 0 && ports.length > 0)
      .map((one) =>
        gatewayProxy(names.take(one.of.name, `${one.of.name}-gateway`), bridge, { ...one, addresses: balancer() }),
      ),
  ];
}

/** The nodes with the ports that lead to pods of theirs, then the pods. One that uses the network of its node has no namespace. */
function nodesAndPods(
  { nodes, names, leaveOut }: Cluster,
  pods: readonly ClusterPod[],
  { proxies, balancers }: { readonly proxies: readonly ClusterProxy[]; readonly balancers: readonly string[] },
): readonly (readonly [string, JsonMap])[] {
  const isOfNode = ({ spec }: ClusterPod): boolean => spec['hostNetwork'] === true;
  const placed = pods
    .filter((pod) => !isOfNode(pod))
    .map((pod) => ({ pod, key: names.take(pod.name, `${pod.name}-pod`, `${pod.name}-${pod.namespace}`) }));
  for (const pod of pods.filter(isOfNode)) leaveOut(pod.of, 'a namespace of its own: it uses the network of its node');
  return [
    ...nodes.map((node, i) => {
      const entry = nodeNamespace(node, { nodes, extra: i === 0 ? balancers : [] });
      const published = placed
        .filter(({ pod }) => pod.node === node)
        .flatMap(({ pod, key }) => hostPorts(pod.ports, key));
      const own = pods.filter((pod) => pod.node === node && isOfNode(pod)).flatMap(({ ports }) => ports);
      const portForwards = [...published, ...(i === 0 ? proxies.flatMap(({ forwards }) => forwards) : [])];
      return [
        node.name,
        { ...entry, ...omitEmpty({ portForwards, answers: uniquePorts(own).map(portText) }) },
      ] as const;
    }),
    ...placed.map(({ pod, key }) => [key, podNamespace(pod, leaveOut)] as const),
  ];
}

const portText = ({ port, protocol }: ContainerPort): Json => (protocol === 'udp' ? `${port}/udp` : port);

const hostPorts = (ports: readonly ContainerPort[], key: string): readonly JsonMap[] =>
  ports.flatMap((one) =>
    one.hostPort === null ? [] : [{ listen: portText({ ...one, port: one.hostPort }), to: `${key}:${one.port}` }],
  );

function policiesOf(cluster: Cluster): JsonMap {
  const names = freeNames([]);
  return Object.fromEntries(
    ofKind(cluster, 'NetworkPolicy').map((of) => [
      names.take(of.name, `${of.name}.${of.namespace}`),
      policyEntry(of, cluster.leaveOut),
    ]),
  );
}

/** Only those that have labels need an entry. */
const projectsOf = (manifests: readonly Manifest[]): JsonMap =>
  Object.fromEntries(
    ofKind({ manifests }, 'Namespace')
      .filter(({ labels }) => Object.keys(labels).length > 0)
      .map(({ name, labels }) => [name, { labels: toLabels(labels) }]),
  );
