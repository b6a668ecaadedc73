/** Seconds in `60`, `60s`, `5m` or `1h`; null: the text is not a time. */
export function parseSeconds(text: string): number | null {
  const [, count, unit = ''] = /^(\d{1,9})\s*([smh]?)$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * (SECONDS_PER_UNIT[unit] ?? 1);
}

const SECONDS_PER_UNIT: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600 };
