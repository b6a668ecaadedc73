import type { Path } from '../diagnostics/source-location.ts';

/** A value and where it stands. */
export type TopologyValue<T> = { readonly value: T; readonly at: Path };

/** A name with an optional part after the colon: `blue`, `blue:eth1`, `router:cni0`. */
export type TopologyRef = { readonly name: string; readonly part: string | null };
