import type { Path } from '../diagnostics/source-location.ts';
import type { Json } from '../json.ts';

/** `cni` of an interface: the network whose plugins make it, and what they are asked for (`args`). */
export type TopologyAttachment = {
  readonly at: Path;
  readonly network: { readonly value: string; readonly at: Path };
  /** `args.ips`, as addresses of an interface are written. */
  readonly ips: readonly { readonly address: string; readonly length: number | null; readonly at: Path }[];
  /** The other entries of `args`, as they stand. */
  readonly args: readonly { readonly name: string; readonly value: Json; readonly at: Path }[];
};
