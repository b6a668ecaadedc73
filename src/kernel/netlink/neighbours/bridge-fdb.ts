import { bytesAttribute, macBytes, u16Attribute } from '../../../net/netlink-attributes.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_REPLACE } from '../message.ts';
import { AF_BRIDGE, NTF_MASTER, NTF_SELF } from './fdb.ts';
import { NDA_LLADDR, NDMSG_LENGTH, NUD_NOARP, NUD_PERMANENT, RTM_DELNEIGH, RTM_NEWNEIGH } from './neighbour.ts';

// linux/neighbour.h
const NUD_REACHABLE = 0x02;
const NDA_VLAN = 5;

/** An entry of a bridge: for a MAC behind the port with that index, or with `self` for the bridge of that index. */
type BridgeFdbEntry = {
  readonly index: number;
  readonly mac: string;
  readonly vlan: number | null;
  readonly self: boolean;
};

/** Writes an entry that does not age, in the place of what the bridge learned; or takes it away. */
export function bridgeFdbMessage(verb: 'replace' | 'delete', entry: BridgeFdbEntry): NetlinkMessage {
  const { mac, vlan, self } = entry;
  const isStatic = verb === 'replace' && !self;
  const header = Buffer.alloc(NDMSG_LENGTH);
  header.writeUInt8(AF_BRIDGE, 0);
  header.writeInt32LE(entry.index, 4);
  header.writeUInt16LE(NUD_NOARP | (isStatic ? NUD_REACHABLE : NUD_PERMANENT), 8);
  header.writeUInt8(self ? NTF_SELF : NTF_MASTER, 10);
  return {
    type: verb === 'replace' ? RTM_NEWNEIGH : RTM_DELNEIGH,
    flags: verb === 'replace' ? NLM_F_CREATE | NLM_F_REPLACE : 0,
    header,
    attributes: [bytesAttribute(NDA_LLADDR, macBytes(mac)), ...(vlan === null ? [] : [u16Attribute(NDA_VLAN, vlan)])],
  };
}
