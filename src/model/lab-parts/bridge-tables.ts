import type { Path } from '../diagnostics/source-location.ts';
import type { TopologyRef, TopologyValue } from './topology-value.ts';

/** A VLAN by the name that its bridge gives it, or by number: a range of them where `first` and `last` differ. */
export type TopologyVlanRef = { readonly name: string } | { readonly first: number; readonly last: number };

/** An entry of a bridge's forwarding table: where the frames of a MAC go. */
export type TopologyFdbEntry = {
  readonly at: Path;
  readonly mac: TopologyValue<string>;
  /** The port: an interface that has its port there, `red:eth0`, or a link of the bridge's namespace. Null: the bridge itself. */
  readonly port: TopologyValue<TopologyRef> | null;
  readonly vlan: TopologyValue<TopologyVlanRef> | null;
};

/** An entry of a bridge's multicast table: a port that gets the frames of a group, an address or a MAC in canonical text. */
export type TopologyMdbEntry = Omit<TopologyFdbEntry, 'mac' | 'port'> & {
  readonly group: TopologyValue<string>;
  readonly port: TopologyValue<TopologyRef>;
};
