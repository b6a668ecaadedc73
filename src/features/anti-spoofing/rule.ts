/** What may come in by one port of a bridge. */
export type PortGuardRule = {
  readonly bridge: string;
  /** The port. */
  readonly dev: string;
  /** Who is behind it: `red:eth0`. */
  readonly label: string;
  readonly macs: readonly string[];
  /** Of both families, those that the kernel makes of a MAC too. */
  readonly addresses: readonly string[];
  /** The networks of this LAN by family, where the namespace forwards: what is not in them passes, too. Null: it does not. */
  readonly routes: { readonly 4: readonly string[] | null; readonly 6: readonly string[] | null };
};
