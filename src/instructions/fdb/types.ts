/**
 * Entries of a forwarding table. Of a tunnel: `to` is an address of the network below; `via` null: the packets leave by
 * whichever link the routes lead to. Of a bridge (`fdb.replace`, `fdb.remove`): `dev` is a port, or with `self` the bridge.
 */
export type FdbInstruction = TunnelFdbInstruction | BridgeFdbInstruction;

export type BridgeFdbInstruction = {
  readonly do: 'fdb.replace' | 'fdb.remove';
  readonly netns: string;
  readonly dev: string;
  readonly mac: string;
  readonly vlan: number | null;
  readonly self: boolean;
};

export type TunnelFdbInstruction = ({ readonly do: 'fdb.append' } | { readonly do: 'fdb.delete' }) & {
  readonly netns: string;
  readonly dev: string;
  readonly mac: string;
  readonly to: string;
  readonly via: string | null;
};
