import type { Json } from '../../../model/json.ts';
import type { JsonMap } from '../../result.ts';
import { listValue, mapValue, textValue } from '../../yaml-values.ts';
import { type Manifest, type ManifestLabels, textMap } from './manifests.ts';
import type { ClusterNode } from './nodes.ts';
import { conditionsOfLabels, selects } from './selectors.ts';

/** A port of a container. */
export type ContainerPort = {
  readonly name: string | null;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** The port of the node that leads to it; null: none. */
  readonly hostPort: number | null;
};

/** A pod of the cluster, on a node. */
export type ClusterPod = {
  /** What it is called in the cluster: of several replicas with a number. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: ManifestLabels;
  readonly ports: readonly ContainerPort[];
  readonly node: ClusterNode;
  readonly spec: JsonMap;
  readonly of: Manifest;
};

const TEMPLATES = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController', 'Job', 'CronJob'];

/** Whether an object is a pod or makes some. */
export const isWorkload = ({ kind }: Manifest): boolean => kind === 'Pod' || TEMPLATES.includes(kind);

/** The pods of all workloads, spread over the nodes in turn. `leaveOut` receives what cannot be placed. */
export function podsOf(
  manifests: readonly Manifest[],
  nodes: readonly ClusterNode[],
  leaveOut: (of: Manifest, why: string) => void,
): readonly ClusterPod[] {
  let turn = 0;
  return manifests.filter(isWorkload).flatMap((one) => {
    const { labels, spec } = templateOf(one);
    const ports = portsOf(one, spec, leaveOut);
    const fit = nodesFor(spec, nodes);
    if (fit.length === 0) leaveOut(one, 'no node has the labels of its nodeSelector');
    const [first] = fit;
    if (first === undefined) return [];
    const pod = { namespace: one.namespace, labels, ports, spec, of: one };
    if (one.kind === 'DaemonSet')
      return fit.map((node) => ({ ...pod, name: fit.length === 1 ? one.name : `${one.name}-${node.name}`, node }));
    const count = replicasOf(one);
    // Those of a StatefulSet are counted from 0, as in a cluster.
    const from = one.kind === 'StatefulSet' ? 0 : 1;
    return Array.from({ length: count }, (_, i) => {
      const name = one.kind === 'StatefulSet' || count > 1 ? `${one.name}-${i + from}` : one.name;
      const node = fit[turn % fit.length] ?? first;
      turn += 1;
      return { ...pod, name, node };
    });
  });
}

function templateOf(one: Manifest): { readonly labels: ManifestLabels; readonly spec: JsonMap } {
  if (one.kind === 'Pod') return { labels: one.labels, spec: one.spec };
  const job = one.kind === 'CronJob' ? mapValue(mapValue(one.spec['jobTemplate'])['spec']) : one.spec;
  const template = mapValue(job['template']);
  return { labels: textMap(mapValue(template['metadata'])['labels']), spec: mapValue(template['spec']) };
}

function replicasOf({ kind, spec }: Manifest): number {
  const written = kind === 'Job' ? spec['parallelism'] : spec['replicas'];
  return typeof written === 'number' && Number.isInteger(written) && written >= 0 ? written : 1;
}

function nodesFor(spec: JsonMap, nodes: readonly ClusterNode[]): readonly ClusterNode[] {
  const named = textValue(spec['nodeName']);
  const wanted = conditionsOfLabels(spec['nodeSelector']).filter(({ key }) => key !== 'kubernetes.io/os');
  const byName = named === null ? nodes : nodes.filter(({ name }) => name === named);
  return byName.filter(({ labels }) => selects(wanted, labels));
}

function portsOf(
  one: Manifest,
  spec: JsonMap,
  leaveOut: (of: Manifest, why: string) => void,
): readonly ContainerPort[] {
  // A container that is started before the others and stays has ports, too.
  const stays = listValue(spec['initContainers']).filter((init) => mapValue(init)['restartPolicy'] === 'Always');
  const all = [...listValue(spec['containers']), ...stays].flatMap((container) =>
    listValue(mapValue(container)['ports']).flatMap((port) => {
      const read = containerPort(mapValue(port));
      if (read === null) leaveOut(one, `port ${JSON.stringify(port)}`);
      return read ?? [];
    }),
  );
  return uniquePorts(all);
}

/** Of two entries about one port the first one counts. */
export const uniquePorts = (ports: readonly ContainerPort[]): readonly ContainerPort[] =>
  [...new Map(ports.toReversed().map((one) => [`${one.port}/${one.protocol}`, one])).values()].toReversed();

function containerPort({ name, protocol, containerPort: port, hostPort }: JsonMap): ContainerPort | null {
  const used = protocolOf(protocol);
  if (typeof port !== 'number' || used === null) return null;
  return { name: textValue(name), protocol: used, port, hostPort: typeof hostPort === 'number' ? hostPort : null };
}

/** `TCP` where nothing is written; null for others than TCP and UDP. */
export function protocolOf(written: Json | undefined): 'tcp' | 'udp' | null {
  const text = (textValue(written) ?? 'TCP').toLowerCase();
  return text === 'tcp' || text === 'udp' ? text : null;
}
