import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import type { ProxyData, ProxyEngine } from '../../programs/proxy-data.ts';
import { featureValueOf } from '../feature-values.ts';

/** A target of requests, by name or by address. */
export type TopologyIngressTarget = {
  readonly target: { readonly address: string } | { readonly ref: TopologyRef };
  readonly port: number;
  readonly weight: number;
  /** As it is written. */
  readonly text: string;
};

/** A path at which servers have to answer; `path` null: their ports have to take connections. */
export type IngressCheck = { readonly path: string | null; readonly at: Path };

/** One path of a host. */
export type TopologyIngressPath = {
  readonly host: string | null;
  readonly path: string;
  readonly isExact: boolean;
  readonly targets: readonly TopologyValue<TopologyIngressTarget>[];
  /** Null: what holds for the whole proxy. */
  readonly check: IngressCheck | null;
  readonly rewrite: { readonly part: 'prefix' | 'whole'; readonly path: string } | null;
  readonly at: Path;
};

/** A port at which a proxy listens; `tls` null: without TLS. */
export type TopologyIngressListen = {
  readonly port: number;
  readonly tls: {
    readonly hosts: readonly string[];
    /** The path of a PEM file: beside the topology, or absolute. */
    readonly certificate: TopologyValue<string> | null;
    readonly redirect: boolean;
  } | null;
};

/** `ingress` as it is written. */
export type TopologyIngress = {
  readonly at: Path;
  readonly listen: readonly TopologyValue<TopologyIngressListen>[];
  readonly paths: readonly TopologyIngressPath[];
  /** For the targets of all rules; null: none is written. */
  readonly check: IngressCheck | null;
  readonly engine: ProxyEngine;
  readonly fallback: readonly TopologyValue<TopologyIngressTarget>[] | null;
};

/** A certificate that a proxy is given: the absolute path of its file, and the hosts that it is to be for. */
export type LabCertificate = { readonly path: string; readonly hosts: readonly string[]; readonly at: Path };

/** What is written in a namespace; null: nothing. */
export const writtenIngress = featureValueOf<TopologyNetns, TopologyIngress | null>('http-proxy', null);

/** The proxies of a lab. */
export const labIngresses = featureValueOf<
  Lab,
  readonly {
    readonly netns: string;
    readonly data: ProxyData;
    readonly written: TopologyIngress;
    readonly certificates: readonly LabCertificate[];
  }[]
>('http-proxy', []);
