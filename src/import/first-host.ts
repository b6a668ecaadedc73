import { firstAddress, formatPrefix, parsePrefix } from '../net/prefix.ts';

/** `172.18.0.1` of `172.18.0.0/16`; empty for text that is not a prefix. */
export function firstHost(subnet: string): readonly string[] {
  const prefix = parsePrefix(subnet);
  if (!prefix) return [];
  return [formatPrefix({ ...prefix, value: firstAddress(prefix) + 1n }).split('/')[0] ?? ''];
}
