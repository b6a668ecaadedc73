import type { Former } from '../links.ts';

/** The first end is the one that the user named; `near` and `far` are the settings of the first and the second. */
export type VethSpec = {
  readonly ends: readonly [End, End];
  readonly near: EndSettings;
  readonly far: EndSettings;
};

/** Empty strings: it is somewhere that netform does not see. */
export type End = { readonly netns: string; readonly name: string };

export type EndSettings = {
  /** What the user wrote; another than the name when that had to be shorter. Empty: not marked yet. */
  readonly label: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly master: string | null;
  readonly hairpin: boolean;
  /** Of an end that is not ours. */
  readonly former?: Former;
};
