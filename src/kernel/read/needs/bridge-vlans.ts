import { linkNamer } from '../../netlink/link-dump.ts';
import { dumpBridgeVlans } from '../../netlink/links/bridge-vlan.ts';
import { readInNetns } from '../need-reader.ts';

/** Dumps the VLANs of the ports and bridges of namespaces. */
export const bridgeVlansReader = readInNetns<'bridge-vlans'>((session, context) => {
  const nameOf = linkNamer(context.links(session));
  return new Map(dumpBridgeVlans(session.socket).map(([index, vlans]) => [nameOf(index), vlans]));
});
