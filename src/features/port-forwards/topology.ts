import type { Path } from '../../model/diagnostics/source-location.ts';
import type { PortRange, Protocol, TopologyNetns, TopologyRef } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** One entry under `portForwards`. */
export type TopologyForward = {
  readonly at: Path;
  readonly listen: {
    readonly address: string | null;
    /** That of the written address, `0.0.0.0` and `::` included; null: none is written. */
    readonly family: 4 | 6 | null;
    readonly ports: PortRange;
    readonly protocols: readonly Protocol[];
  };
  /** New connections are spread over these. */
  readonly to: readonly TopologyForwardTarget[];
};

/** Where a forward leads to. `ports` null: those that it listens on. */
export type TopologyForwardTarget = {
  readonly at: Path;
  readonly target: { readonly address: string } | { readonly ref: TopologyRef };
  readonly ports: PortRange | null;
  /** Its share of the connections, against the others'. */
  readonly weight: number;
};

/** `8080:80`, `127.0.0.1:8080:80/udp`, as `docker run -p`. */
export type TopologyPublish = {
  readonly at: Path;
  readonly address: string | null;
  /** As that of {@link TopologyForward}. */
  readonly family: 4 | 6 | null;
  readonly hostPorts: PortRange;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
};

/** What a namespace, or the host, writes about forwards. `publish` is of the namespace, and forwards ports of the host. */
export type TopologyForwards = {
  readonly portForwards: readonly TopologyForward[];
  readonly publish: readonly TopologyPublish[];
};

/** The forwards that are written in a namespace, or for the host. */
export const writtenForwards = featureValueOf<TopologyNetns, TopologyForwards>('port-forwards', {
  portForwards: [],
  publish: [],
});
