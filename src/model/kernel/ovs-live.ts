/** The VLANs of a port, as rows have them. `mode` empty: every VLAN, tags as they come. */
export type OvsVlans = {
  readonly tag: number | null;
  /** In order. Empty: all. */
  readonly trunks: readonly number[];
  readonly mode: '' | 'access' | 'trunk' | 'native-untagged' | 'native-tagged';
};

/** A bridge in the database of a private Open vSwitch. */
export type OvsBridgeLive = {
  readonly mark: string | null;
  readonly datapath: string;
  readonly stp: boolean;
  /** The MAC that its row asks for; null: its choice. */
  readonly mac: string | null;
  /** Of its own port. */
  readonly vlans: OvsVlans;
};

/** A port in that database, other than the own one of a bridge. */
export type OvsPortLive = { readonly mark: string | null; readonly bridge: string; readonly vlans: OvsVlans };

/** Which frames of a bridge a mirror copies, and to which port. Ports by name, in order. */
export type OvsMirror = {
  /** Every port of the bridge. */
  readonly all: boolean;
  /** Frames that arrive at these ports. */
  readonly arriving: readonly string[];
  /** Frames that leave by these ports. */
  readonly leaving: readonly string[];
  /** Frames of these VLANs only, in order; empty: of any. */
  readonly vlans: readonly number[];
  /** Null: the port is gone, and nothing is copied. */
  readonly to: string | null;
};

/** A mirror in that database. */
export type OvsMirrorLive = OvsMirror & { readonly mark: string | null };

/** What is in the database of the private Open vSwitch of a lab in one namespace. */
export type OvsLive = {
  readonly bridges: ReadonlyMap<string, OvsBridgeLive>;
  readonly ports: ReadonlyMap<string, OvsPortLive>;
  /** By `<bridge>/<name>`. */
  readonly mirrors: ReadonlyMap<string, OvsMirrorLive>;
};

/** How the flow tables of a bridge differ from a list of flows: in the words of ovs-ofctl, without counters. */
export type OvsFlowDifference = { readonly missing: readonly string[]; readonly extra: readonly string[] };

/** What a bridge of Open vSwitch does with frames. */
export type OvsFlowsLive = {
  /** As `ovs-ofctl add-flows` takes them again, with the names of ports; without the one of a switch that has no others. */
  readonly flows: readonly string[];
  /** By the lists of flows that were asked about, each joined by line feeds. */
  readonly differences: ReadonlyMap<string, OvsFlowDifference>;
};
