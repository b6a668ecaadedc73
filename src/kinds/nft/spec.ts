import type { PortRange, Protocol } from '../../model/topology.ts';

/** What one lab translates in one namespace: the content of its own table. */
export type NftSpec = {
  readonly netns: string;
  readonly table: string;
  readonly nat: readonly NatRule[];
  readonly forwards: readonly ForwardRule[];
  /** Lines that the live table has (`+ …`) or lacks (`- …`) against these rules. Empty in what is wanted. */
  readonly altered: readonly string[];
  /** Rules of somebody else's do this, and it is left to them. */
  readonly byOthers?: true;
  /** Of an altered one: all of it, as nft lists it and reads it back. */
  readonly listing?: string;
};

/** `from` null: any source. `as` of snat only. */
export type NatRule = {
  readonly kind: 'masquerade' | 'snat';
  readonly from: readonly string[] | null;
  readonly out: string | null;
  readonly exceptTo: readonly string[];
  readonly as: { readonly address: string; readonly ports: PortRange | null } | null;
};

/** `address` null: every address of the namespace. `lan`: its clients, the target too, are masqueraded. */
export type ForwardRule = {
  readonly family: 4 | 6;
  readonly address: string | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  readonly target: { readonly label: string; readonly address: string; readonly ports: PortRange };
  readonly lan: string | null;
};
