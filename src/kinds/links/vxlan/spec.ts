import type { VxlanValue } from '../../../model/instruction.ts';
import type { OriginalLinkMark } from '../link-attributes.ts';

/** What the kernel does not change in place stands beside the rest; an `id` of 0: it has settings that netform never makes. */
export type VxlanSpec = VxlanValue & {
  readonly netns: string;
  readonly name: string;
  /** What the user wrote; another than `name` when that had to be shorter. */
  readonly label: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly master: string | null;
  /** Of one that is not ours. */
  readonly former?: OriginalLinkMark;
};
