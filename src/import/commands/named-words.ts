/** Words that stand by themselves, and the values of those that follow a key. */
export type NamedWords = { readonly plain: readonly string[]; readonly named: ReadonlyMap<string, string> };

/** Separates `via 10.0.0.1 dev eth1` from the words that stand by themselves. `names`: what keys are called, by their spellings. */
export function namedWords(words: readonly string[], names: { readonly [word: string]: string }): NamedWords {
  const plain: string[] = [];
  const named = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const name = Object.hasOwn(names, word) ? names[word] : undefined;
    if (name === undefined) plain.push(word);
    else named.set(name, words[++i] ?? '');
  }
  return { plain, named };
}

/** A number as a number, other text as it is. */
export const numberOrText = (text: string): number | string =>
  /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;

/** A prefix: a bare address is a host. */
export const asPrefix = (text: string): string =>
  text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;

/** Whether a text looks like an address or a prefix. */
export const isAddressText = (text: string): boolean => /^[0-9a-f.:]*[.:][0-9a-f.:]*(?:\/\d+)?$/i.test(text);

/** `255.255.255.0` as 24; null: it is not a netmask. */
export function maskLength(mask: string): number | null {
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) && bits.length === 32 ? bits.replace(/0/g, '').length : null;
}
