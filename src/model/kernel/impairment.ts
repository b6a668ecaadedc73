/**
 * What is done to the packets that leave a link. 0: nothing of the sort. Times are microseconds, chances are millionths of
 * all packets, the rate is in bits a second.
 */
export type Impairment = {
  readonly delay: number;
  /** By how much the delay varies, either way. */
  readonly jitter: number;
  readonly loss: number;
  readonly duplicate: number;
  readonly corrupt: number;
  /** Packets that are sent at once, before those that wait. */
  readonly reorder: number;
  readonly rate: number;
};

/** Packets leave as they came. */
export const NO_IMPAIRMENT: Impairment = {
  delay: 0,
  jitter: 0,
  loss: 0,
  duplicate: 0,
  corrupt: 0,
  reorder: 0,
  rate: 0,
};

/** The queueing disciplines that impair. */
export type ImpairingKind = 'netem' | 'tbf';

/** The handle of the root queueing disciplines that netform makes: 20038, the number of its interface group, as `tc` writes it. */
export const NETFORM_HANDLE = '4e46:';

const BITS_PER_PACKET = 1500 * 8;
const LEAST_LIMIT = 1000;
/** What a link without a rate is taken to carry. */
const FULL_RATE = 1_000_000_000;

/** How many packets wait in a netem queue at most: twice what its rate brings during the delay, so that it drops none of those. */
export const impairmentLimit = ({ delay, jitter, rate }: Impairment): number =>
  Math.max(LEAST_LIMIT, Math.ceil((2 * (rate || FULL_RATE) * (delay + jitter)) / 1_000_000 / BITS_PER_PACKET));

/** How long a packet waits in a tbf queue at most. */
export const TBF_LATENCY_MS = 50;
const LEAST_BURST = 16_384;

/** The bytes that a tbf queue passes on at once: what its rate brings in 10 ms. */
export const rateBurst = (rate: number): number => Math.max(LEAST_BURST, Math.floor(rate / 8 / 100));
