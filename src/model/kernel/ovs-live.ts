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

/** What is in the database of the private Open vSwitch of a lab in one namespace. */
export type OvsLive = {
  readonly bridges: ReadonlyMap<string, OvsBridgeLive>;
  readonly ports: ReadonlyMap<string, OvsPortLive>;
};
