import { canFilterVlans } from '../kernel-features.ts';
import type { NeedReader } from '../need-reader.ts';

/** Tries a link of each kind that keeps VLANs apart. */
export const vlanFilteringReader: NeedReader<'vlan-filtering'> = (needs, { linkKinds }) =>
  needs.map((need) => ({ need, answer: canFilterVlans(need.key, linkKinds) }));
