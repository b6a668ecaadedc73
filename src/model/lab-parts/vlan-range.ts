/** Numbers of VLANs from the first to the last. */
export type VlanRange = readonly [first: number, last: number];
