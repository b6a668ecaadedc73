import { linkNamer } from '../../netlink/link-dump.ts';
import { dumpNeighbours } from '../../netlink/neighbours/neighbour.ts';
import { readInNetns } from '../need-reader.ts';

/** Dumps the neighbour entries of namespaces. */
export const neighboursReader = readInNetns<'neighbours'>((session, { links }) =>
  dumpNeighbours(session.socket, linkNamer(links(session))),
);
