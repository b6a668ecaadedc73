import { rateBurst, TBF_LATENCY_MS } from '../../../model/kernel/impairment.ts';
import { bytesAttribute, decodeU64, parseAttributes, u32Attribute } from '../../../net/netlink-attributes.ts';

// linux/pkt_sched.h
const TCA_TBF_PARMS = 1;
const TCA_TBF_RATE64 = 4;
const TCA_TBF_BURST = 6;
/**
 * struct tc_tbf_qopt: two struct tc_ratespec (u8 cell_log, u8 linklayer, u16 overhead, i16 cell_align, u16 mpu, u32 rate), of
 * the rate and of the peak rate; u32 limit, buffer, mtu.
 */
const TC_TBF_QOPT_LENGTH = 36;
const TC_LINKLAYER_ETHERNET = 1;
const NS_PER_TICK = 64;
const MAX_U32 = 0xffffffff;

/** TCA_OPTIONS of a tbf queue of a rate in bits a second. The kernel computes the rate table that `tc` sends besides. */
export function encodeTbf(rate: number): Buffer {
  const bytes = rate / 8;
  const burst = rateBurst(rate);
  const head = Buffer.alloc(TC_TBF_QOPT_LENGTH);
  // As `tc` does for packets of up to 2047 bytes: cells of 8 bytes.
  head.writeUInt8(3, 0);
  head.writeUInt8(TC_LINKLAYER_ETHERNET, 1);
  head.writeInt16LE(-1, 4);
  head.writeUInt32LE(Math.min(bytes, MAX_U32), 8);
  head.writeUInt32LE(limitOf(rate), 24);
  head.writeUInt32LE(Math.floor((Math.floor((burst * 1_000_000) / bytes) * 1000) / NS_PER_TICK), 28);
  return Buffer.concat([
    bytesAttribute(TCA_TBF_PARMS, head),
    u32Attribute(TCA_TBF_BURST, burst),
    ...(bytes < MAX_U32 ? [] : [bytesAttribute(TCA_TBF_RATE64, u64(bytes))]),
  ]);
}

/** The rate of a tbf queue in bits a second; `altered`: it has a setting that netform does not make. */
export function decodeTbf(options: Buffer): { readonly rate: number; readonly altered: boolean } {
  const attributes = parseAttributes(options);
  const head = attributes.get(TCA_TBF_PARMS);
  if (head === undefined || head.length < TC_TBF_QOPT_LENGTH) return { rate: 0, altered: true };
  const bytes = decodeU64(attributes.get(TCA_TBF_RATE64)) ?? head.readUInt32LE(8);
  const rate = bytes * 8;
  const burst = (head.readUInt32LE(28) * NS_PER_TICK * bytes) / 1e9;
  const isPlain =
    head.readUInt32LE(20) === 0 &&
    head.readUInt16LE(2) === 0 &&
    head.readUInt32LE(24) === limitOf(rate) &&
    // The kernel keeps the time that a burst takes, in ticks.
    Math.abs(burst - rateBurst(rate)) <= rateBurst(rate) / 1000 + (2 * NS_PER_TICK * bytes) / 1e9;
  return { rate, altered: !isPlain };
}

const limitOf = (rate: number): number =>
  Math.min(MAX_U32, rateBurst(rate) + Math.floor(((rate / 8) * TBF_LATENCY_MS) / 1000));

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}
