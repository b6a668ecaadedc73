import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import type { ProxyData } from '../../programs/haproxy.ts';
import { featureValueOf } from '../feature-values.ts';

/** A target of requests, by name or by address. */
export type TopologyIngressTarget = {
  readonly target: { readonly address: string } | { readonly ref: TopologyRef };
  readonly port: number;
  readonly weight: number;
  /** As it is written. */
  readonly text: string;
};

/** One path of a host. */
export type TopologyIngressPath = {
  readonly host: string | null;
  readonly path: string;
  readonly isExact: boolean;
  readonly targets: readonly TopologyValue<TopologyIngressTarget>[];
  readonly rewrite: { readonly part: 'prefix' | 'whole'; readonly path: string } | null;
  readonly at: Path;
};

/** A port at which a proxy listens; `tls` null: without TLS. */
export type TopologyIngressListen = {
  readonly port: number;
  readonly tls: {
    readonly hosts: readonly string[];
    readonly certificate: string | null;
    readonly redirect: boolean;
  } | null;
};

/** `ingress` as it is written. */
export type TopologyIngress = {
  readonly at: Path;
  readonly listen: readonly TopologyValue<TopologyIngressListen>[];
  readonly paths: readonly TopologyIngressPath[];
  readonly fallback: readonly TopologyValue<TopologyIngressTarget>[] | null;
};

/** What is written in a namespace; null: nothing. */
export const writtenIngress = featureValueOf<TopologyNetns, TopologyIngress | null>('http-proxy', null);

/** The proxies of a lab. */
export const labIngresses = featureValueOf<
  Lab,
  readonly { readonly netns: string; readonly data: ProxyData; readonly written: TopologyIngress }[]
>('http-proxy', []);
