import type { Json } from '../../../model/json.ts';
import { type JsonMap, omitEmpty, oneOrList } from '../../result.ts';
import { listValue, mapValue, textValue, textValues } from '../../yaml-values.ts';
import type { Manifest } from './manifests.ts';
import { type ClusterPod, type ContainerPort, protocolOf } from './pods.ts';
import { conditionsOfLabels, selects, toSelector } from './selectors.ts';

/** A service of the cluster. */
export type ClusterService = {
  readonly of: Manifest;
  /** What the lab calls it. */
  readonly key: string;
  readonly ports: readonly ServicePort[];
  readonly type: string;
};

type ServicePort = {
  readonly name: string | null;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** A text: the name that the pods give to ports of different numbers. Null: they have none of that name. */
  readonly target: number | string | null;
  readonly nodePort: number | null;
};

/** What the import of a service needs to know, and whom it tells what is left out. */
type ServiceEntryContext = {
  readonly endpoints: readonly Manifest[];
  readonly balancer: () => readonly string[];
  readonly isDual: boolean;
  readonly leaveOut: (of: Manifest, why: string) => void;
};

/** The service itself, with ports of pods in the place of their names. */
export function readService(of: Manifest, key: string, pods: readonly ClusterPod[]): ClusterService {
  const chosen = podsOfService(of, pods);
  const ports = listValue(of.spec['ports']).flatMap((one): ServicePort[] => {
    const { name, port, protocol, targetPort, nodePort } = mapValue(one);
    const used = protocolOf(protocol);
    if (typeof port !== 'number' || used === null) return [];
    const target = targetOf(targetPort ?? port, chosen);
    return [
      { name: textValue(name), port, protocol: used, target, nodePort: typeof nodePort === 'number' ? nodePort : null },
    ];
  });
  return { of, key, ports, type: textValue(of.spec['type']) ?? 'ClusterIP' };
}

/** The pods that a service selects. */
function podsOfService({ namespace, spec }: Manifest, pods: readonly ClusterPod[]): readonly ClusterPod[] {
  const conditions = conditionsOfLabels(spec['selector']);
  return conditions.length === 0
    ? []
    : pods.filter((pod) => pod.namespace === namespace && selects(conditions, pod.labels));
}

function targetOf(written: Json, pods: readonly ClusterPod[]): ServicePort['target'] {
  if (typeof written === 'number') return written;
  if (/^\d+$/.test(String(written))) return Number(written);
  const numbers = new Set(
    pods.flatMap(({ ports }) => ports.filter(({ name }) => name === written).map(({ port }) => port)),
  );
  const [first = null] = numbers;
  return numbers.size > 1 ? String(written) : first;
}

/**
 * Gives `NodePort` services the port that a cluster would choose, where none is written: the first of 30000 and above that no
 * other service has.
 */
export function withNodePorts(services: readonly ClusterService[]): readonly ClusterService[] {
  const used = new Set(services.flatMap(({ ports }) => ports.flatMap(({ nodePort }) => nodePort ?? [])));
  const free = (): number => {
    let port = FIRST_NODE_PORT;
    while (used.has(port)) port += 1;
    used.add(port);
    return port;
  };
  return services.map((one) =>
    one.type === 'NodePort'
      ? { ...one, ports: one.ports.map((port) => ({ ...port, nodePort: port.nodePort ?? free() })) }
      : one,
  );
}

const FIRST_NODE_PORT = 30000;

/** The ports that services lead to, which a pod answers although no container of it says so. */
export const targetsOf = (pod: ClusterPod, services: readonly ClusterService[]): readonly ContainerPort[] =>
  services
    .filter(({ of }) => podsOfService(of, [pod]).length > 0)
    .flatMap(({ ports }) =>
      ports.flatMap(({ target, protocol }): ContainerPort[] =>
        typeof target === 'number' ? [{ name: null, protocol, port: target, hostPort: null }] : [],
      ),
    );

/** A service as the topology says it, and the addresses that its node has for it. Null: nothing of it can be said. */
export function serviceEntry(
  service: ClusterService,
  { endpoints, balancer, isDual, leaveOut }: ServiceEntryContext,
): { readonly value: JsonMap; readonly balancers: readonly string[] } | null {
  const { of, ports, type } = service;
  const { spec, namespace } = of;
  if (type === 'ExternalName') {
    leaveOut(of, `an alias of ${textValue(spec['externalName']) ?? 'another name'}`);
    return null;
  }
  const isHeadless = textValue(spec['clusterIP']) === 'None';
  const known = ports.filter(({ target, name, port }) => {
    const isMany = isHeadless && typeof target === 'string';
    if (target === null) leaveOut(of, `port ${name ?? port}: its pods have no port of that name`);
    else if (isMany) leaveOut(of, `port ${name ?? port}: its pods have several of that name`);
    return target !== null && !isMany;
  });
  if (known.length < listValue(spec['ports']).length && known.length === ports.length)
    leaveOut(of, 'ports of other protocols than TCP and UDP');
  if (known.length === 0) {
    leaveOut(of, 'it has no ports');
    return null;
  }
  const selector = mapValue(spec['selector']);
  const written = toSelector(conditionsOfLabels(selector)) ?? {};
  const to = Object.keys(selector).length > 0 ? written : endpointAddresses(of, endpoints);
  if (Array.isArray(to) && to.length === 0) {
    leaveOut(of, 'it has neither a selector nor endpoints');
    return null;
  }
  const isBalanced = type === 'LoadBalancer';
  const balancers = isBalanced ? balancer() : [];
  const isNamed = known.every(({ name }) => name !== null);
  const value = {
    ...(namespace === 'default' ? {} : { project: namespace }),
    to,
    ports: isNamed
      ? Object.fromEntries(known.map((port) => [port.name ?? '', portText(port)]))
      : known.map((port) => portText(port)),
    ...omitEmpty({
      clusterIP: isHeadless ? 'none' : clusterIps(spec, isDual),
      nodePort: nodePorts(service, known, isNamed),
      externalIPs: oneOrList([...textValues(spec['externalIPs']), ...balancers]),
      sessionAffinity: textValue(spec['sessionAffinity']) === 'ClientIP' ? 'clientIP' : null,
      externalTrafficPolicy: textValue(spec['externalTrafficPolicy']) === 'Local' ? 'local' : null,
      internalTrafficPolicy: textValue(spec['internalTrafficPolicy']) === 'Local' ? 'local' : null,
    }),
  };
  return { value, balancers };
}

function portText({ port, target, protocol }: ServicePort): string {
  const ports = port === target ? String(port) : `${port}:${target}`;
  return protocol === 'udp' ? `${ports}/udp` : ports;
}

function nodePorts({ type }: ClusterService, known: readonly ServicePort[], isNamed: boolean): Json {
  if (type !== 'NodePort' && type !== 'LoadBalancer') return null;
  const written = known.filter(({ nodePort }) => nodePort !== null);
  if (written.length === 0) return null;
  if (isNamed) return Object.fromEntries(written.map(({ name, nodePort }) => [name ?? '', nodePort]));
  return known.length === 1 ? (written[0]?.nodePort ?? null) : null;
}

function clusterIps(spec: JsonMap, isDual: boolean): Json {
  const written = [...new Set([...textValues(spec['clusterIPs']), ...textValues(spec['clusterIP'])])];
  return oneOrList(written.filter((one) => one !== '' && one !== 'None' && (isDual || !one.includes(':'))));
}

/** The addresses of Endpoints and EndpointSlices that belong to a service. */
function endpointAddresses({ name, namespace }: Manifest, endpoints: readonly Manifest[]): readonly string[] {
  const own = endpoints.filter((one) => {
    const of = one.kind === 'Endpoints' ? one.name : one.labels['kubernetes.io/service-name'];
    return one.namespace === namespace && of === name;
  });
  return own.flatMap(({ kind, value }) =>
    kind === 'Endpoints'
      ? listValue(value['subsets']).flatMap((subset) =>
          listValue(mapValue(subset)['addresses']).flatMap((one) => textValues(mapValue(one)['ip'])),
        )
      : listValue(value['endpoints']).flatMap((one) => textValues(mapValue(one)['addresses'])),
  );
}
