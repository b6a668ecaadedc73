import type { UnknownAttribute } from '../model/kernel/unknown-attribute.ts';
import { visitAttributes } from './netlink-attributes.ts';

/** An attribute with a number: what `ip` calls it, and the values that a new object has; left out: 0. */
export type UsualAttribute = { readonly name: string; readonly usual?: readonly number[] };

/**
 * The attributes of a message or of a nest by number: `read` are those that a resource carries and those that are state,
 * `usual` those that the language lacks. `others`: what becomes of numbers that are in neither; left out: they are kept.
 */
export type UsualAttributes = {
  readonly read: ReadonlySet<number>;
  readonly usual: ReadonlyMap<number, UsualAttribute>;
  readonly others?: 'ignored';
};

/**
 * The attributes from an offset on that the language lacks and that have another value than a new object's: `isolated 1`.
 * One whose number netform does not know is kept with its bytes in hex, unless they are all zero.
 */
export function listUnusualAttributes(
  buffer: Buffer,
  { read, usual, others }: UsualAttributes,
  from = 0,
): readonly UnknownAttribute[] {
  let found: UnknownAttribute[] | null = null;
  visitAttributes(buffer, from, (type, start, end) => {
    if (read.has(type)) return;
    const known = usual.get(type);
    if (known === undefined && others === 'ignored') return;
    const value = numberAt(buffer, start, end);
    if (known && value !== null && (known.usual ?? ZERO).includes(value)) return;
    const hex = known && value !== null ? '' : buffer.toString('hex', start, end);
    if (!known && /^0*$/.test(hex)) return;
    found ??= [];
    found.push({ name: known?.name ?? `attribute ${type}`, value: hex === '' ? String(value) : hex });
  });
  return found ?? NONE;
}

const ZERO = [0];
const NONE: readonly UnknownAttribute[] = [];

/** The number in one to eight bytes in host byte order; null for any other size. A flag without bytes is 1. */
function numberAt(buffer: Buffer, start: number, end: number): number | null {
  switch (end - start) {
    case 0:
      return 1;
    case 1:
      return buffer.readUInt8(start);
    case 2:
      return buffer.readUInt16LE(start);
    case 4:
      return buffer.readUInt32LE(start);
    case 8:
      return Number(buffer.readBigUInt64LE(start));
    default:
      return null;
  }
}

/** A table of attributes from `[number, name, usual values]`. */
export const usualAttributes = (
  rows: readonly (readonly [type: number, name: string, ...usual: readonly number[]])[],
): ReadonlyMap<number, UsualAttribute> =>
  new Map(rows.map(([type, name, ...usual]) => [type, usual.length === 0 ? { name } : { name, usual }]));
