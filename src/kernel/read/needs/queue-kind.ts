import { findMissingQueueKinds } from '../kernel-features.ts';
import type { NeedReader } from '../need-reader.ts';

/** Tries kinds of queueing disciplines, all in one scratch namespace. */
export const queueKindReader: NeedReader<'queue-kind'> = (needs) => {
  const missing = new Set(findMissingQueueKinds(needs.map(({ key }) => key)));
  return needs.map((need) => ({ need, answer: !missing.has(need.key) }));
};
