import type { StateEntry } from '../../model/kind.ts';
import { networkText } from '../../net/prefix.ts';

/** A prefix that an earlier run of the lab gave a link of the host. */
export type RecordedPrefix = { readonly dev: string; readonly prefix: string };

/** The prefixes of links of the host in the state. */
export const recordedPrefixes = (recorded: readonly StateEntry[]): readonly RecordedPrefix[] =>
  recorded.flatMap(({ kind, netns, spec: { dev, prefixes } }) => {
    if (kind !== 'address' || netns !== 'host' || typeof dev !== 'string' || !Array.isArray(prefixes)) return [];
    return prefixes.flatMap((prefix) => (typeof prefix === 'string' ? [{ dev, prefix }] : []));
  });

/** Whether the lab has that subnet (`10.0.0.0/24`) on that link of the host already. */
export const isRecordedSubnet = (recorded: readonly StateEntry[], dev: string, subnet: string): boolean =>
  recordedPrefixes(recorded).some((one) => one.dev === dev && networkText(one.prefix) === subnet);
