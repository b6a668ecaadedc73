import type { Path } from '../diagnostics/source-location.ts';

/** A permanent entry of a neighbour table. */
export type LabNeighbour = {
  readonly netns: string;
  readonly dev: string;
  readonly to: string;
  readonly mac: string;
  readonly at: Path;
};
