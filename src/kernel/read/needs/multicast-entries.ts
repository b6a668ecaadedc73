import { linkNamer } from '../../netlink/link-dump.ts';
import { dumpMulticastEntries } from '../../netlink/neighbours/mdb.ts';
import { readInNetns } from '../need-reader.ts';

/** Dumps the multicast tables of the bridges of namespaces. */
export const multicastEntriesReader = readInNetns<'multicast-entries'>((session, { links }) =>
  dumpMulticastEntries(session.socket, linkNamer(links(session))),
);
