import type { UnknownAttribute, WithUnknown } from '../../model/kernel/unknown-attribute.ts';
import { visitAttributes } from '../../net/netlink-attributes.ts';

/** How one attribute that the language lacks is shown: its name, and the text of its payload. */
export type AttributeFormat = { readonly name: string; readonly text: (payload: Buffer) => string };

/** The attributes of a message by number: those that its decoder reads or that are state, and names for others. */
export type AttributeTable = {
  readonly known: ReadonlySet<number>;
  readonly named: ReadonlyMap<number, AttributeFormat>;
};

/** The attributes of a message that its decoder does not read, from an offset on; an unknown number with its bytes in hex. */
export function listUnknownAttributes(
  body: Buffer,
  offset: number,
  { known, named }: AttributeTable,
): readonly UnknownAttribute[] {
  let found: UnknownAttribute[] | null = null;
  visitAttributes(body, offset, (type, start, end) => {
    if (known.has(type)) return;
    const format = named.get(type);
    const payload = body.subarray(start, end);
    found ??= [];
    found.push(
      format
        ? { name: format.name, value: format.text(payload) }
        : { name: `attribute ${type}`, value: payload.toString('hex') },
    );
  });
  return found ?? NONE;
}

const NONE: readonly UnknownAttribute[] = [];

/** Names for the bits of a number; a bit without a name is shown as `flags 0x…`. */
export function listUnknownFlags(
  flags: number,
  { known, named }: { readonly known: number; readonly named: ReadonlyMap<number, string> },
): readonly UnknownAttribute[] {
  let rest = (flags & ~known) >>> 0;
  const found: UnknownAttribute[] = [];
  for (const [bit, name] of named) {
    if ((rest & bit) === 0) continue;
    found.push({ name, value: '' });
    rest = (rest & ~bit) >>> 0;
  }
  return rest === 0 ? found : [...found, { name: 'flags', value: `0x${rest.toString(16)}` }];
}

/** For spreading: the field is there only when there is something. */
export const withUnknown = (...lists: readonly (readonly UnknownAttribute[])[]): WithUnknown => {
  const unknown = lists.flat();
  return unknown.length === 0 ? {} : { unknown };
};
