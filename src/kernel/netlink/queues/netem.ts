import { type Impairment, impairmentLimit } from '../../../model/kernel/impairment.ts';
import {
  bytesAttribute,
  decodeU32,
  decodeU64,
  type NetlinkAttributes,
  parseAttributes,
} from '../../../net/netlink-attributes.ts';

// linux/pkt_sched.h
const TCA_NETEM_CORR = 1;
const TCA_NETEM_DELAY_DIST = 2;
const TCA_NETEM_REORDER = 3;
const TCA_NETEM_CORRUPT = 4;
const TCA_NETEM_LOSS = 5;
const TCA_NETEM_RATE = 6;
const TCA_NETEM_ECN = 7;
const TCA_NETEM_RATE64 = 8;
const TCA_NETEM_SLOT = 12;
/** struct tc_netem_qopt: u32 latency, limit (packets), loss, gap, duplicate, jitter. */
const TC_NETEM_QOPT_LENGTH = 24;
/** struct tc_netem_rate: u32 rate, i32 overhead, u32 cell size, i32 cell overhead. */
const TC_NETEM_RATE_LENGTH = 16;
/** PSCHED_SHIFT (net/pkt_sched.h): a tick has 2^6 ns. */
const NS_PER_TICK = 64;
const MAX_U32 = 0xffffffff;

/** TCA_OPTIONS of a netem queue, as `tc` writes it: the structure first, attributes after it. */
export function encodeNetem(impairment: Impairment): Buffer {
  const { delay, jitter, loss, duplicate, corrupt, reorder, rate } = impairment;
  const head = Buffer.alloc(TC_NETEM_QOPT_LENGTH);
  // Without a gap of 1 no packet is sent at once (netem_enqueue).
  const words = [
    ticks(delay),
    impairmentLimit(impairment),
    chance(loss),
    reorder > 0 ? 1 : 0,
    chance(duplicate),
    ticks(jitter),
  ];
  words.forEach((word, i) => void head.writeUInt32LE(word, i * 4));
  return Buffer.concat([
    head,
    ...(reorder > 0 ? [bytesAttribute(TCA_NETEM_REORDER, twoWords(chance(reorder)))] : []),
    ...(corrupt > 0 ? [bytesAttribute(TCA_NETEM_CORRUPT, twoWords(chance(corrupt)))] : []),
    ...(rate > 0 ? rateAttributes(rate / 8) : []),
  ]);
}

function rateAttributes(bytes: number): readonly Buffer[] {
  const plain = Buffer.alloc(TC_NETEM_RATE_LENGTH);
  plain.writeUInt32LE(Math.min(bytes, MAX_U32));
  if (bytes < MAX_U32) return [bytesAttribute(TCA_NETEM_RATE, plain)];
  const large = Buffer.alloc(8);
  large.writeBigUInt64LE(BigInt(bytes));
  return [bytesAttribute(TCA_NETEM_RATE64, large), bytesAttribute(TCA_NETEM_RATE, plain)];
}

/** What a netem queue does; `altered`: it has a setting that netform does not make. */
export function decodeNetem(options: Buffer): { readonly impairment: Impairment; readonly altered: boolean } {
  const word = (i: number): number => options.readUInt32LE(i * 4);
  const attributes = parseAttributes(options, TC_NETEM_QOPT_LENGTH);
  const reorder = fromChance(decodeU32(attributes.get(TCA_NETEM_REORDER)) ?? 0);
  const impairment: Impairment = {
    delay: fromTicks(word(0)),
    jitter: fromTicks(word(5)),
    loss: fromChance(word(2)),
    duplicate: fromChance(word(4)),
    corrupt: fromChance(decodeU32(attributes.get(TCA_NETEM_CORRUPT)) ?? 0),
    reorder,
    rate: rateOf(attributes) * 8,
  };
  const isPlain = word(1) === impairmentLimit(impairment) && word(3) === (reorder > 0 ? 1 : 0);
  return { impairment, altered: !isPlain || hasMore(attributes) };
}

const rateOf = (attributes: NetlinkAttributes): number =>
  decodeU64(attributes.get(TCA_NETEM_RATE64)) ?? decodeU32(attributes.get(TCA_NETEM_RATE)) ?? 0;

/** Whether there is a correlation, a distribution, a loss model, marking, or a framing. The kernel always names the first of these. */
function hasMore(attributes: NetlinkAttributes): boolean {
  const isZero = (type: number, from = 0): boolean =>
    attributes
      .get(type)
      ?.subarray(from)
      .every((byte) => byte === 0) ?? true;
  return (
    attributes.get(TCA_NETEM_DELAY_DIST) !== undefined ||
    !isLossRandom(attributes) ||
    attributes.get(TCA_NETEM_SLOT) !== undefined ||
    ![TCA_NETEM_CORR, TCA_NETEM_ECN].every((type) => isZero(type)) ||
    ![TCA_NETEM_REORDER, TCA_NETEM_CORRUPT, TCA_NETEM_RATE].every((type) => isZero(type, 4))
  );
}

/** The kernel names a loss model only where there is one (dump_loss_model). */
const isLossRandom = (attributes: NetlinkAttributes): boolean => (attributes.get(TCA_NETEM_LOSS)?.length ?? 0) === 0;

const ticks = (us: number): number => Math.floor((us * 1000) / NS_PER_TICK);
const fromTicks = (count: number): number => Math.round((count * NS_PER_TICK) / 1000);
const chance = (millionths: number): number => Math.round((millionths / 1_000_000) * MAX_U32);
const fromChance = (word: number): number => Math.round((word / MAX_U32) * 1_000_000);

/** struct tc_netem_reorder, tc_netem_corrupt: u32 probability, u32 correlation. */
function twoWords(first: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeUInt32LE(first);
  return buffer;
}
