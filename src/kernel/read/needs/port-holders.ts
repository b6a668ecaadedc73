import { readdirSync } from 'node:fs';
import type { PortHolder } from '../../../model/kernel/live-state.ts';
import { inNetns } from '../../netns/netns.ts';
import { readBoundSockets } from '../listening-sockets.ts';
import { readInNetns } from '../need-reader.ts';
import { ignoreProcessError, processName, readProcLink } from '../netns-processes.ts';

/** Finds who listens on ports of namespaces. Processes are only looked at where a socket listens. */
export const portHoldersReader = readInNetns<'port-holders'>(({ fd }, _context, { key }) => {
  const sockets = inNetns(fd, readBoundSockets).filter(({ port }) => port === Number(key));
  if (sockets.length === 0) return null;
  const holders = findSocketHolders(new Set(sockets.map(({ inode }) => `socket:[${inode}]`)));
  return sockets.map(({ protocol, address, port, inode }): PortHolder => {
    const pid = holders.get(`socket:[${inode}]`) ?? 0;
    return { protocol, address, port, pid, name: pid === 0 ? '' : processName(pid) };
  });
});

/** The first process that has each of these files open. */
function findSocketHolders(files: ReadonlySet<string>): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const pid of readdirSync('/proc').map(Number)) {
    if (!(pid > 0)) continue;
    for (const fd of ignoreProcessError(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
      const target = readProcLink(`/proc/${pid}/fd/${fd}`) ?? '';
      if (files.has(target) && !found.has(target)) found.set(target, pid);
    }
    if (found.size === files.size) return found;
  }
  return found;
}
