import type { PlaceIdentity } from '../../../model/kernel/place-live.ts';

/** A container that is a namespace of the lab. */
export type ContainerSpec = {
  readonly name: string;
  /** `docker:db`. */
  readonly ref: string;
  /** The life of it in which the lab was made. Null: it does not run. */
  readonly life: PlaceIdentity | null;
};

/** A symbolic link under /run/netns. */
export type NetnsLinkSpec = {
  readonly name: string;
  readonly ref: string;
  /** Where it leads. Null: the container does not run. */
  readonly target: string | null;
};
