import type { Path } from '../diagnostics/source-location.ts';

/** A sysctl of the host, or one whose key names a device. */
export type LabSysctl = {
  readonly netns: string;
  readonly key: string;
  readonly value: string;
  /** The link whose folder the key stands in, when that link is the lab's own. */
  readonly dev: string | null;
  readonly at: Path;
  /** The reason for it when it is not in the file: `nat`, `portForwards`, `localhost of portForwards`. */
  readonly reason: string | null;
};
