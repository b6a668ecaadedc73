import type { Spec } from '../json.ts';

/** How a link has to do with others that it is not connected to by a bridge or a cable. */
export type LabLinkRelations = {
  /** The options that no other link of its kind has alike in the namespace; left out: there are none. */
  readonly twin?: Spec;
  /** The links that it shares a LAN with because of their kinds; left out: none. */
  readonly meets?: readonly { readonly netns: string; readonly name: string }[];
  /** Of an end of a tunnel: where it leads. */
  readonly tunnel: LabTunnel | null;
};

/** What a link takes from the machine. */
export type LabMachineTies = {
  /** It is there before the lab: one that the machine has, and that is moved. */
  readonly isFound?: true;
  /** The options that are the name of a user or a group; left out: none are written. */
  readonly accounts?: readonly ('user' | 'group')[];
};

/** What a link has as a port of something else than a bridge. */
export type LabMember = {
  /** The VRF of the same namespace that its routes belong to; left out: none. */
  readonly l3master?: string;
  /** Its MAC is that of its master: it is not a duplicate. */
  readonly hasMacOfMaster?: true;
};

/**
 * Ends of one kind and key meet when one of `remotes`, which are addresses, is in the other's namespace. None: it takes
 * packets from any.
 */
export type LabTunnel = { readonly key: string; readonly remotes: readonly string[] };
