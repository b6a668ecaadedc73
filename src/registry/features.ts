import type { Feature } from '../features/define-feature.ts';
import { featureModules } from '../features/index.ts';
import type { NftPart } from '../kinds/nft/part.ts';
import type { FeatureDrawing } from '../picture/model/feature-drawing.ts';

/** Every feature, in the order in which they add to the registers. */
export const features: readonly Feature[] = featureModules.toSorted((a, b) => a.rank - b.rank);

/** How the features are drawn, in their order. */
export const featureDrawings: readonly FeatureDrawing[] = features.flatMap(({ draw }) => draw ?? []);

/** The parts of the lab's nftables table, in the order of the features. */
export const nftParts: readonly NftPart[] = features.flatMap(({ nft }) => nft ?? []);
