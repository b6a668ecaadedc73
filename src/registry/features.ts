import type { Feature } from '../features/define-feature.ts';
import { names } from '../features/names/index.ts';
import { nat } from '../features/nat/index.ts';
import { portForwards } from '../features/port-forwards/index.ts';
import type { NftPart } from '../kinds/nft/part.ts';

/** Every feature, in the order in which they add to the registers. */
export const features: readonly Feature[] = [nat, portForwards, names];

/** The parts of the lab's nftables table, in the order of the features. */
export const nftParts: readonly NftPart[] = features.flatMap(({ nft }) => nft ?? []);
