import type { Json } from '../../../model/json.ts';
import { type JsonMap, omitEmpty } from '../../result.ts';
import type { ClusterGateway } from './gateways.ts';
import type { IngressRules } from './ingresses.ts';
import { proxyRules } from './proxy-rules.ts';

/** A proxy of the cluster: a pod, and what leads to it from outside. */
export type ClusterProxy = {
  readonly key: string;
  readonly value: JsonMap;
  /** The names that it answers for. */
  readonly hosts: readonly string[];
  /** Its own addresses, at the first node; none: it is reached at the address of that node. */
  readonly addresses: readonly string[];
  /** The port forwards of that node. */
  readonly forwards: readonly JsonMap[];
};

/** All Ingresses: the proxy that their controller is. */
export function ingressProxy(key: string, bridge: string, { rules, fallback, tls }: IngressRules): ClusterProxy {
  const ports = [80, ...(tls === null ? [] : [443])];
  const listen = ports.map((port): Json => (port === 443 ? { port, tls: { ...tls } } : port));
  return {
    key,
    addresses: [],
    hosts: rules.flatMap(({ host }) => host ?? []),
    forwards: ports.map((port) => ({ listen: port, to: `${key}:${port}` })),
    value: {
      project: 'ingress-nginx',
      labels: { 'app.kubernetes.io/name': 'ingress-nginx' },
      interfaces: { eth0: { bridge } },
      ingress: { listen, ...omitEmpty({ rules: proxyRules(rules), default: fallback }) },
    },
  };
}

/** A Gateway, with addresses of its own. */
export function gatewayProxy(
  key: string,
  bridge: string,
  { of, ports, rules, addresses }: ClusterGateway & { readonly addresses: readonly string[] },
): ClusterProxy {
  const byPort = new Map(ports.map((one) => [one.port, one]));
  const listen = [...byPort.values()].map(
    ({ port, tlsHosts }): Json => (tlsHosts === null ? port : { port, tls: omitEmpty({ hosts: tlsHosts }) }),
  );
  return {
    key,
    addresses,
    hosts: rules.flatMap(({ host }) => host ?? []),
    forwards: addresses.flatMap((address) =>
      [...byPort.keys()].map((port) => ({
        listen: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
        to: `${key}:${port}`,
      })),
    ),
    value: {
      ...(of.namespace === 'default' ? {} : { project: of.namespace }),
      labels: { 'gateway.networking.k8s.io/gateway-name': of.name },
      interfaces: { eth0: { bridge } },
      ingress: { listen, rules: proxyRules(rules) },
    },
  };
}
