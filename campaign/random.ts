/** Numbers that look random and are the same for the same seed. */
export type Random = {
  /** 0 ≤ n < limit. */
  readonly below: (limit: number) => number;
  readonly one: <T>(items: readonly [T, ...T[]]) => T;
  /** True so often, of 100. */
  readonly often: (percent: number) => boolean;
};

/** Mulberry32. */
export function random(seed: number): Random {
  let state = (Math.imul(seed + 1, 2654435761) ^ 0x9e3779b9) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    one: (items) => items[below(items.length)] ?? items[0],
    often: (percent) => below(100) < percent,
  };
}
