import type { OvsVlans } from '../../model/kernel/ovs-live.ts';

/** Bridges and ports of the private Open vSwitch whose database is at `socket`, which `process` of that lab applies. */
export type OvsInstruction =
  /** The bridge is there, as said. */
  | (OvsPlace & {
      readonly do: 'ovs.bridge';
      readonly mac: string;
      readonly mtu: number;
      readonly stp: boolean;
      readonly mark: string;
      readonly vlans: OvsVlans;
    })
  /** The bridge is gone with its ports and its link; one that is gone already is fine. */
  | (OvsPlace & { readonly do: 'ovs.bridge.delete' })
  /** The link is a port of the bridge, as said. */
  | (OvsPlace & { readonly do: 'ovs.port'; readonly bridge: string; readonly mark: string; readonly vlans: OvsVlans })
  /** The link is no port any more; one that is none already is fine. */
  | (OvsPlace & { readonly do: 'ovs.port.delete' })
  /** Whether a link leaves checksums to its device; of a link that is gone nothing is wanted. */
  | { readonly do: 'ovs.checksum'; readonly netns: string; readonly name: string; readonly isOffloaded: boolean };

type OvsPlace = { readonly netns: string; readonly name: string; readonly lab: string; readonly socket: string };
