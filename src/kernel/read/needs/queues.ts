import { linkNamer } from '../../netlink/link-dump.ts';
import { dumpQueues } from '../../netlink/queues/qdisc.ts';
import { readInNetns } from '../need-reader.ts';

/** Dumps the queueing disciplines of namespaces. */
export const queuesReader = readInNetns<'queues'>((session, { links }) =>
  dumpQueues(session.socket, linkNamer(links(session))),
);
