import type { Path } from '../diagnostics/source-location.ts';
import type { Spec } from '../json.ts';
import type { VlanRange } from './vlan-range.ts';

/** What a port of a bridge has beside its bridge. */
export type LabPort = {
  /** What the topology specifies of its settings, by the words of the language; left out: nothing. */
  readonly port?: Spec;
  /** Where the bridge keeps VLANs apart; of that bridge itself too. */
  readonly vlans?: LabPortVlans;
  /** Of a bridge: the entries of its forwarding table that are written. */
  readonly fdb?: readonly LabFdbEntry[];
  /** Of a bridge: those of its multicast table. */
  readonly mdb?: readonly LabMdbEntry[];
};

/** The VLAN of frames without a tag, null: they are dropped; the VLANs of frames with one, in ranges that do not touch. */
export type LabPortVlans = {
  readonly untagged: number | null;
  readonly tagged: readonly VlanRange[];
};

/** A VLAN of a bridge. `name` null: known by number only. */
export type LanVlan = {
  readonly netns: string;
  readonly bridge: string;
  readonly id: number;
  readonly name: string | null;
};

/** An entry of a bridge's forwarding table: `dev` is a port, or the bridge itself. `vlan` null: it keeps none apart. */
export type LabFdbEntry = {
  readonly dev: string;
  readonly mac: string;
  readonly vlan: number | null;
  readonly at: Path;
};

/** An entry of a bridge's multicast table: the port `dev` gets the frames of a group. */
export type LabMdbEntry = Omit<LabFdbEntry, 'mac'> & { readonly group: string };
