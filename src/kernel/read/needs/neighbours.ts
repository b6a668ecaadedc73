import { linkNamer } from '../../netlink/link-dump.ts';
import { dumpNeighbours, dumpProxies } from '../../netlink/neighbours/neighbour.ts';
import { readInNetns } from '../need-reader.ts';

/** Dumps the neighbour entries of namespaces, and their proxy entries. */
export const neighboursReader = readInNetns<'neighbours'>((session, { links }) => {
  const nameOf = linkNamer(links(session));
  return [...dumpNeighbours(session.socket, nameOf), ...dumpProxies(session.socket, nameOf)];
});
