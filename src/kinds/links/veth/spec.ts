import type { Spec } from '../../../model/json.ts';
import type { FieldPath } from '../../../model/operation.ts';
import type { OriginalLinkMark } from '../link-attributes.ts';

/** The first end is the one that the user named; `near` and `far` are the settings of the first and the second. */
export type VethSpec = {
  readonly ends: readonly [VethEnd, VethEnd];
  readonly near: VethEndSettings;
  readonly far: VethEndSettings;
};

/** Empty strings: it is somewhere that netform does not see. */
export type VethEnd = { readonly netns: string; readonly name: string };

/** The fields that only say whose the ends are. */
export const VETH_MARK_FIELDS: readonly FieldPath[] = ['near', 'far'].flatMap((side) => [
  [side, 'label'],
  [side, 'former'],
]);

/** The settings of one end of a cable. */
export type VethEndSettings = {
  /** What the user wrote; another than the name when that had to be shorter. Empty: not marked yet. */
  readonly label: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly master: string | null;
  readonly hairpin: boolean;
  /** What else it has as a port that a new one has not; left out: nothing. */
  readonly portSettings?: Spec;
  /** Of an end that is not ours. */
  readonly former?: OriginalLinkMark;
};
