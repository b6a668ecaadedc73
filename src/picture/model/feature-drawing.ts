import type { BoxRow, NatGate } from './picture.ts';
import type { PictureLab } from './removed-parts.ts';

/** How a feature is drawn. Drawings follow each other in the order of the features. */
export type FeatureDrawing = {
  /** Its rows in the box of a namespace. */
  readonly rows: (whole: PictureLab, netns: string) => readonly BoxRow[];
  /** Its rows in the box of this machine. Left out: none. */
  readonly hostRows?: (whole: PictureLab) => readonly BoxRow[];
  /** What stands between the lab and the outside, at the edge of the host. */
  readonly gates: (whole: PictureLab) => readonly NatGate[];
  /** What it writes at the lines of links, by the ids of these. Left out: nothing. */
  readonly notes?: (whole: PictureLab) => ReadonlyMap<string, string>;
};
