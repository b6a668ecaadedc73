import type { WithUnknown } from '../../model/kernel/unknown-attribute.ts';

/** Permanent neighbours. */
export type NeighbourInstruction =
  | (WithUnknown & {
      readonly do: 'neighbour.set';
      readonly netns: string;
      readonly dev: string;
      readonly to: string;
      readonly mac: string;
      readonly protocol?: number;
    })
  | {
      readonly do: 'neighbour.delete';
      readonly netns: string;
      readonly dev: string;
      readonly to: string;
      /** The proxy entry of that address. */
      readonly proxy?: true;
    };
