/**
 * Something that the kernel says of an object and that the language has no word for: its name as `ip` has it and its value
 * as text (`tun_id`, `7`), or `attribute 23` with the bytes in hex.
 */
export type UnknownAttribute = { readonly name: string; readonly value: string };

/** What an object has that the language lacks; left out: nothing. Such an object is never taken for one of a file. */
export type WithUnknown = { readonly unknown?: readonly UnknownAttribute[] };

/** `tun_id 7, nhid 5`; empty text for an object that the language can say as a whole. */
export const unknownText = ({ unknown = [] }: WithUnknown): string =>
  unknown.map(({ name, value }) => (value === '' ? name : `${name} ${shortened(value)}`)).join(', ');

const LONGEST = 24;

const shortened = (value: string): string => (value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
