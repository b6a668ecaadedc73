import type { Spec } from '../../../model/json.ts';
import type { OriginalLinkMark } from '../link-attributes.ts';

/** A NIC, in a namespace of the lab or on the machine (`netns` is `host`). `nic`: its name there, `inside`: that in the namespace. */
export type NicSpec = {
  readonly netns: string;
  readonly name: string;
  readonly label: string;
  readonly nic: string;
  readonly inside: string;
  /** Null: the file does not say it, and it stays. */
  readonly mtu: number | null;
  readonly up: boolean;
  readonly master: string | null;
  /** What it has as a port that a new one has not; left out: nothing. */
  readonly portSettings?: Spec;
  /** Of one that does not carry our mark. */
  readonly former?: OriginalLinkMark;
};
