/** A namespace that another program made, as it is now. */
export type PlaceLive =
  | ({ readonly state: 'there' } & PlaceIdentity)
  /** It is another's or ours in a way that forbids to work in it: the machine's own, or one that netform made, by its mark. */
  | { readonly state: 'refused'; readonly is: 'machine' | 'marked'; readonly mark: string }
  /** There is nothing to work in now. `why` as a clause: `it is not running`; `remedy`: what to do about it. */
  | { readonly state: 'absent'; readonly why: string; readonly remedy: string };

/** One life of a container: when it starts again it has another identity. */
export type PlaceIdentity = {
  /** Of the container, or the pid, or the path. */
  readonly id: string;
  /** When it started, as its runtime says it; of a process its start in clock ticks since the boot; else empty. */
  readonly startedAt: string;
  /** SO_NETNS_COOKIE in decimal. Null on kernels older than 5.14. */
  readonly cookie: string | null;
  /** The file of the namespace: `/proc/123/ns/net`. */
  readonly path: string;
};
