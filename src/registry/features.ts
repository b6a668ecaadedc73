import type { Feature } from '../features/define-feature.ts';
import { featureModules } from '../features/index.ts';
import type { NftPart } from '../kinds/nft/part.ts';

/** Every feature, in the order in which they add to the registers. */
export const features: readonly Feature[] = featureModules.toSorted((a, b) => a.rank - b.rank);

/** The parts of the lab's nftables table, in the order of the features. */
export const nftParts: readonly NftPart[] = features.flatMap(({ nft }) => nft ?? []);
