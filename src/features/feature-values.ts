import type { FeatureValues } from '../model/topology.ts';

/** Gives access to what one feature has read or resolved there; `absent` where it has nothing. */
export const featureValueOf =
  <Place extends { readonly features: FeatureValues }, Value>(feature: string, absent: Value) =>
  (place: Place): Value =>
    (place.features[feature] as Value | undefined) ?? absent;
