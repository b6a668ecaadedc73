import { tunProblem } from '../../netns/tuntap.ts';
import { findMissingLinkKinds } from '../kernel-features.ts';
import type { NeedReader } from '../need-reader.ts';

/** Tries link kinds, all in one scratch namespace; of those that an ioctl makes, its device. */
export const linkKindReader: NeedReader<'link-kind'> = (needs, { linkKinds }) => {
  const byIoctl = needs.filter(({ key }) => linkKinds.get(key)?.create !== undefined);
  const others = needs.filter((need) => !byIoctl.includes(need));
  const missing = new Set(findMissingLinkKinds(others.map(({ key }) => key)));
  return [
    ...others.map((need) => ({ need, answer: !missing.has(need.key) })),
    ...byIoctl.map((need) => ({ need, answer: tunProblem() ?? true })),
  ];
};
