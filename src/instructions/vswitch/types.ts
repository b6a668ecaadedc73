import type { OvsMirror, OvsVlans } from '../../model/kernel/ovs-live.ts';

/** Bridges and ports of the private Open vSwitch whose database is at `socket`, which `process` of that lab applies. */
export type OvsInstruction =
  /** The bridge is there, as said. */
  | (OvsPlace & {
      readonly do: 'vswitch.bridge';
      readonly mac: string;
      readonly mtu: number;
      readonly stp: boolean;
      readonly mark: string;
      readonly vlans: OvsVlans;
    })
  /** The bridge is gone with its ports and its link; one that is gone already is fine. */
  | (OvsPlace & { readonly do: 'vswitch.bridge.delete' })
  /** The link is a port of the bridge, as said. */
  | (OvsPlace & {
      readonly do: 'vswitch.port';
      readonly bridge: string;
      readonly mark: string;
      readonly vlans: OvsVlans;
    })
  /** The link is not a port any more, or was not one. */
  | (OvsPlace & { readonly do: 'vswitch.port.delete' })
  /** The bridge `bridge` copies frames by a mirror of that name, as said. */
  | (OvsPlace & OvsMirror & { readonly do: 'vswitch.mirror'; readonly bridge: string; readonly mark: string })
  /** The bridge has no mirror of that name any more, or had none. */
  | (OvsPlace & { readonly do: 'vswitch.mirror.delete'; readonly bridge: string })
  /** These flows are in the place of all that the bridge has, with that of an ordinary switch below them; `control`: its own socket. */
  | (OvsPlace & { readonly do: 'vswitch.flows'; readonly control: string; readonly flows: readonly string[] })
  /** Whether a link leaves checksums to its device; of a link that is gone nothing is wanted. */
  | { readonly do: 'vswitch.checksum'; readonly netns: string; readonly name: string; readonly isOffloaded: boolean };

type OvsPlace = { readonly netns: string; readonly name: string; readonly lab: string; readonly socket: string };
