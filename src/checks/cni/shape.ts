/** What the value of a key may be. Data: read by the walker, which says what is wrong. */
export type Shape =
  | { readonly is: 'text'; readonly choices: readonly string[] }
  | { readonly is: 'flag' }
  | { readonly is: 'number'; readonly least: number; readonly most: number }
  | { readonly is: 'list'; readonly of: Shape }
  | { readonly is: 'map'; readonly of: Shape }
  | Fields
  | { readonly is: 'any' };

/** An object. `open`: other keys are passed over, because not all are known to netform. */
export type Fields = {
  readonly is: 'fields';
  readonly keys: { readonly [key: string]: Shape };
  readonly required: readonly string[];
  readonly open: boolean;
};

export const text: Shape = { is: 'text', choices: [] };
export const flag: Shape = { is: 'flag' };
export const anything: Shape = { is: 'any' };
/** One of a few words; the empty text, which means the default to every plugin, is among them. */
export const oneOf = (...choices: readonly string[]): Shape => ({ is: 'text', choices });
export const number = (least = 0, most = Number.MAX_SAFE_INTEGER): Shape => ({ is: 'number', least, most });
export const list = (of: Shape): Shape => ({ is: 'list', of });
export const mapOf = (of: Shape): Shape => ({ is: 'map', of });
export const fields = (keys: Fields['keys'], ...required: readonly string[]): Fields => ({
  is: 'fields',
  keys,
  required,
  open: false,
});
export const openFields = (keys: Fields['keys']): Fields => ({ is: 'fields', keys, required: [], open: true });
