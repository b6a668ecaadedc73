import { linkNamer } from '../../netlink/link-dump.ts';
import { dumpFdb } from '../../netlink/neighbours/fdb.ts';
import { readInNetns } from '../need-reader.ts';

/** Dumps the forwarding tables of namespaces. */
export const forwardingEntriesReader = readInNetns<'forwarding-entries'>((session, context) => {
  const links = context.links(session);
  return dumpFdb(session.socket, { nameOf: linkNamer(links), macs: new Set(links.map(({ mac }) => mac)) });
});
