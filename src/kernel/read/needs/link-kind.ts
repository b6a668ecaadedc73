import { findMissingLinkKinds } from '../kernel-features.ts';
import type { NeedReader } from '../need-reader.ts';

/** Tries link kinds, all in one scratch namespace. */
export const linkKindReader: NeedReader<'link-kind'> = (needs) => {
  const missing = new Set(findMissingLinkKinds(needs.map(({ key }) => key)));
  return needs.map((need) => ({ need, answer: !missing.has(need.key) }));
};
