import type { BridgeValue } from '../../../model/instruction.ts';
import type { OriginalLinkMark } from '../link-attributes.ts';

/** Times of `options` in seconds. */
export type BridgeSpec = {
  readonly netns: string;
  readonly name: string;
  /** What the user wrote; another than `name` when that had to be shorter. */
  readonly label: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly options: BridgeValue;
  /** Of one that is not ours. */
  readonly former?: OriginalLinkMark;
};
