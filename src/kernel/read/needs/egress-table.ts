import type { EgressTableLive } from '../../../model/kernel/live-state.ts';
import { readTableNames } from '../../netlink/netfilter/nf-tables.ts';
import { readInNetns } from '../need-reader.ts';

/** Lists tables of the family netdev. nft is asked only for those that there are. */
export const egressTableReader = readInNetns<'egress-table'>((session, { nft }, { key }) => {
  if (!readTableNames(session.fd).includes(`netdev ${key}`)) return null;
  return parseEgressTable(nft.list(session, [`netdev ${key}`]));
});

/** What nft lists of a table: the comment of the marker, and the device and the rules of its chain. */
export function parseEgressTable(listing: string): EgressTableLive {
  const mark = /^\s*comment "(netform:v1:[^"]*)"$/m.exec(listing)?.[1] ?? null;
  const [, dev = null, body = ''] =
    /type filter hook egress device "([^"]+)" priority [^;]*; policy accept;\n([^}]*)\}/.exec(listing) ?? [];
  const rules = body
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return { mark, dev, rules };
}
