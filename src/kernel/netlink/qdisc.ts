import { bytesAttribute, stringAttribute } from '../../net/netlink-attributes.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL } from './message.ts';

const RTM_NEWQDISC = 36;
const TC_H_ROOT = 0xffffffff;
export const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const NETEM_QOPT_BYTES = 24;

/** Puts a netem queue that does nothing on a link (linux/pkt_sched.h, struct tc_netem_qopt), to find out whether there is one. */
export const addNetemMessage = (index: number): NetlinkMessage => ({
  type: RTM_NEWQDISC,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  header: tcmsg(index),
  attributes: [stringAttribute(TCA_KIND, 'netem'), bytesAttribute(TCA_OPTIONS, Buffer.alloc(NETEM_QOPT_BYTES))],
});

/** linux/rtnetlink.h, struct tcmsg: u8 family, three bytes of padding, i32 index, u32 handle, u32 parent, u32 info. */
function tcmsg(index: number): Buffer {
  const buffer = Buffer.alloc(20);
  buffer.writeInt32LE(index, 4);
  buffer.writeUInt32LE(TC_H_ROOT, 12);
  return buffer;
}
