import type { Json } from '../../../model/json.ts';
import { type JsonMap, omitEmpty, oneOrList } from '../../result.ts';
import { listValue, mapValue, textValue, textValues } from '../../yaml-values.ts';
import type { Manifest } from './manifests.ts';
import type { ClusterPod, ContainerPort } from './pods.ts';
import { toLabels } from './selectors.ts';

/** A pod as a namespace on the bridge of its node, with a port that answers for each of its containers' ports. */
export function podNamespace(pod: ClusterPod, leaveOut: (of: Manifest, why: string) => void): JsonMap {
  const { namespace, labels, node, ports, spec } = pod;
  const sysctls = listValue(mapValue(spec['securityContext'])['sysctls']).map(mapValue);
  return {
    ...(namespace === 'default' ? {} : { project: namespace }),
    ...omitEmpty({ labels: toLabels(labels) }),
    interfaces: { eth0: { bridge: `${node.name}:cni0` } },
    ...omitEmpty({
      sysctls: Object.fromEntries(
        sysctls.flatMap(({ name, value }) => {
          const [key, text] = [textValue(name), textValue(value)];
          if (key?.startsWith('net.') && text !== null) return [[key, /^\d+$/.test(text) ? Number(text) : text]];
          leaveOut(pod.of, `the setting ${key}`);
          return [];
        }),
      ),
      answers: answersOf(ports),
      dns: dnsOf(spec),
    }),
  };
}

/** A map by name where ports have names, as services and policies call them, those without one by their number; else a list. */
function answersOf(ports: readonly ContainerPort[]): Json {
  const text = ({ port, protocol }: ContainerPort) => (protocol === 'udp' ? `${port}/udp` : port);
  const nameOf = ({ name, port, protocol }: ContainerPort) => name ?? `${protocol}-${port}`;
  const hasNames = ports.some(({ name }) => name !== null);
  if (!hasNames || new Set(ports.map(nameOf)).size < ports.length) return ports.map(text);
  return Object.fromEntries(ports.map((port) => [nameOf(port), text(port)]));
}

/** `dnsConfig` and `hostAliases`; with the policy `None` its servers take the place of the cluster's. */
function dnsOf(spec: JsonMap): JsonMap {
  const config = mapValue(spec['dnsConfig']);
  const options = listValue(config['options']).flatMap((one) => {
    const { name, value } = mapValue(one);
    const [key, text] = [textValue(name), textValue(value)];
    return key === null ? [] : [text === null ? key : `${key}:${text}`];
  });
  const hosts = listValue(spec['hostAliases']).flatMap((one) => {
    const { ip, hostnames } = mapValue(one);
    return textValues(hostnames).map((host) => [host, textValue(ip)] as const);
  });
  return omitEmpty({
    nameservers: oneOrList(textValues(config['nameservers'])),
    search: oneOrList(textValues(config['searches'])),
    options: oneOrList(options),
    hosts: Object.fromEntries(hosts),
  });
}
