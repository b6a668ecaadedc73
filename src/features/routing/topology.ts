import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import type { RouterData } from '../../programs/router-data.ts';
import { featureValueOf } from '../feature-values.ts';

/** A peer of BGP, `dev`: whoever is at the other end of an interface; `asn` null: what the namespace writes. */
export type TopologyBgpPeer = {
  readonly target: { readonly address: string } | { readonly ref: TopologyRef } | { readonly dev: string };
  readonly asn: number | null;
  readonly accept: readonly string[] | null;
};

/** `routing` as it is written. */
export type TopologyRouting = {
  readonly at: Path;
  readonly engine: 'bird' | 'frr';
  readonly bgp: {
    readonly asn: number;
    readonly routerId: string | null;
    readonly peers: readonly TopologyValue<TopologyBgpPeer>[];
    readonly networks: readonly string[];
    readonly connected: boolean;
  } | null;
  readonly ospf: {
    readonly area: string;
    readonly interfaces: readonly TopologyValue<string>[];
    readonly passive: readonly TopologyValue<string>[];
  } | null;
};

/** What is written in a namespace; null: nothing. */
export const writtenRouting = featureValueOf<TopologyNetns, TopologyRouting | null>('routing', null);

/** The routers of a lab. */
export const labRouters = featureValueOf<
  Lab,
  readonly { readonly netns: string; readonly data: RouterData; readonly at: Path }[]
>('routing', []);
