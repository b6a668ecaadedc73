import type { Path } from '../diagnostics/source-location.ts';

export type LabNamespace = {
  readonly name: string;
  readonly at: Path;
  /** Complete: what netform relies on, forwarding, and what the user wrote. Slash keys; written before any link. */
  readonly sysctls: { readonly [key: string]: string };
  /** The keys of `sysctls` that the topology does not specify: an adopted namespace keeps its values of them. */
  readonly unspecifiedSysctls?: readonly string[];
  /** What the topology writes of `sysctls`, in its order, and where. */
  readonly writtenSysctls?: readonly { readonly key: string; readonly value: string; readonly at: Path }[];
  /** Why forwarding is on when the file does not say so: `nat`, `portForwards`. Null: it says so, or it is off. */
  readonly forwardingFor: string | null;
  /** The container that it is, made and ended by another program. Left out: netform makes it. */
  readonly container?: LabContainer;
};

/** A namespace that another program makes and ends. */
export type LabContainer = {
  /** `docker:db`, as src/net/place-ref.ts writes it. */
  readonly ref: string;
  /** Whether `ip netns` shows it under the name that it has in the lab. */
  readonly isVisible: boolean;
  readonly at: Path;
};
