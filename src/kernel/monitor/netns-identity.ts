import { statSync } from 'node:fs';
import { catchErrno } from '../errno.ts';
import { NETNS_FOLDER, netnsPath } from '../netns/netns.ts';

/** Changes whenever a name comes or goes. */
export const netnsFolderTime = (): string =>
  catchErrno(['ENOENT'], () => String(statSync(NETNS_FOLDER, { bigint: true }).mtimeNs)) ?? 'none';

/** What tells a namespace from another of its name; null: there is none. */
export function netnsIdentity(netns: string): string | null {
  const stats = catchErrno(['ENOENT'], () => statSync(netnsPath(netns), { bigint: true }));
  return stats && `${stats.dev}:${stats.ino}`;
}
