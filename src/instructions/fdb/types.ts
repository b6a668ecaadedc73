/** Entries of a forwarding table; `via` null: the packets leave by whichever link the routes lead to. */
export type FdbInstruction = ({ readonly do: 'fdb.append' } | { readonly do: 'fdb.delete' }) & {
  readonly netns: string;
  readonly dev: string;
  readonly mac: string;
  readonly to: string;
  readonly via: string | null;
};
