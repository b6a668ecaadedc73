import { readdirSync } from 'node:fs';
import type { PortHolder } from '../../../model/kernel/live-state.ts';
import { inNetns } from '../../netns/netns.ts';
import { readBoundSockets } from '../listening-sockets.ts';
import { findSessions, type NeedReader } from '../need-reader.ts';
import { ignoreProcessError, processName, readProcLink } from '../netns-processes.ts';

/**
 * Finds who listens on ports of namespaces. The sockets of a namespace are read once, and processes are looked at once for all
 * of them, where a socket listens.
 */
export const portHoldersReader: NeedReader<'port-holders'> = (needs, context) => {
  const byNetns = new Map(
    [...new Set(needs.map(({ netns }) => netns))].map((netns) => [
      netns,
      findSessions(context, netns).flatMap(({ fd }) => inNetns(fd, readBoundSockets)),
    ]),
  );
  const asked = needs.map((need) => ({
    need,
    sockets: (byNetns.get(need.netns) ?? []).filter(({ port }) => port === Number(need.key)),
  }));
  const files = new Set(asked.flatMap(({ sockets }) => sockets.map(({ inode }) => socketFile(inode))));
  const holders = files.size === 0 ? new Map<string, number>() : findSocketHolders(files);
  const names = new Map([...new Set(holders.values())].map((pid) => [pid, processName(pid)]));
  return asked.map(({ need, sockets }) => {
    const answer = sockets.map(({ protocol, address, port, inode }): PortHolder => {
      const pid = holders.get(socketFile(inode)) ?? 0;
      return { protocol, address, port, pid, name: names.get(pid) ?? '' };
    });
    return { need, answer: answer.length === 0 ? null : answer };
  });
};

const socketFile = (inode: number): string => `socket:[${inode}]`;

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
