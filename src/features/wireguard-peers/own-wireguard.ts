import type { ModelLink } from '../../lab/model.ts';
import type { TopologyWireguard } from './topology.ts';

/** A WireGuard link of the lab before its peers are known. */
export type OwnWireguard = {
  readonly link: ModelLink;
  readonly written: TopologyWireguard;
  /** Base64 and a line break. */
  readonly key: string;
  readonly publicKey: string;
};
