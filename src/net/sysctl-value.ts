import { canonicalAddress } from './address.ts';

/** Whether two values of a sysctl mean the same. Takes a slash key; each value is what is written, or what the kernel shows. */
export const sameSysctlValue = (key: string, left: string, right: string): boolean =>
  left === right || canonicalSysctlValue(key, left) === canonicalSysctlValue(key, right);

/** A value as the kernel shows it: lists sorted and merged, masks and numbers in one form, one blank between words. */
function canonicalSysctlValue(key: string, value: string): string {
  const text = value.trim();
  if (key.endsWith('/ip_local_reserved_ports')) return mergedRanges(text);
  if (/_(?:mask|bitmap)$/.test(key)) return canonicalMask(text);
  if (key.endsWith('/tcp_allowed_congestion_control')) return [...new Set(text.split(/\s+/))].sort().join(' ');
  if (key.endsWith('/stable_secret')) return canonicalAddress(text) ?? text;
  if (key.endsWith('/tcp_fastopen_key')) return text.toLowerCase();
  return text.split(/\s+/).map(decimalText).join(' ');
}

/** `1,3-5` of `4-5 1,3`, as `proc_do_large_bitmap` in kernel/sysctl.c does; the text itself when it is not a list of ports. */
function mergedRanges(text: string): string {
  const items = text.split(/[,\s]+/).filter((item) => item !== '');
  const ranges = items
    .map((item) => /^(\d+)(?:-(\d+))?$/.exec(item))
    .map((found) => {
      const first = Number(found?.[1] ?? Number.NaN);
      return { first, last: Number(found?.[2] ?? first) };
    });
  if (ranges.some(({ first }) => Number.isNaN(first))) return text;
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of ranges.sort((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else merged.push({ first, last });
  }
  return merged.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** Hexadecimal digits, in groups with commas, as `bitmap_parse` in lib/bitmap-str.c reads them. */
function canonicalMask(text: string): string {
  const digits = text.toLowerCase().replace(/^0x/, '').replaceAll(',', '');
  return /^[0-9a-f]+$/.test(digits) ? digits.replace(/^0+(?=.)/, '') : text;
}

/** As `strtoul` with base 0 reads numbers: `0x10` is 16 and `010` is 8. Other words stay as they are. */
function decimalText(word: string): string {
  const [, sign = '', digits = ''] = /^([+-]?)(0x[0-9a-f]+|0[0-7]+|\d+)$/i.exec(word) ?? [];
  if (digits === '') return word;
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return `${sign === '-' && value !== 0n ? '-' : ''}${value}`;
}
