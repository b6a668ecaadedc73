/** What the value of a key may be. Data: read by the walker, which says what is wrong. */
export type CniShape =
  | { readonly is: 'text'; readonly choices: readonly string[] }
  | { readonly is: 'flag' }
  | { readonly is: 'number'; readonly least: number; readonly most: number }
  | { readonly is: 'list'; readonly of: CniShape }
  | { readonly is: 'map'; readonly of: CniShape }
  | CniObjectShape
  | { readonly is: 'any' };

/** An object. `open`: other keys are passed over, because not all are known to netform. */
export type CniObjectShape = {
  readonly is: 'fields';
  readonly keys: { readonly [key: string]: CniShape };
  readonly required: readonly string[];
  readonly open: boolean;
};

export const textShape: CniShape = { is: 'text', choices: [] };
export const booleanShape: CniShape = { is: 'flag' };
export const anyShape: CniShape = { is: 'any' };
/** One of a few words; the empty text, which means the default to every plugin, is among them. */
export const choiceShape = (...choices: readonly string[]): CniShape => ({ is: 'text', choices });
export const numberShape = (least = 0, most = Number.MAX_SAFE_INTEGER): CniShape => ({ is: 'number', least, most });
export const arrayShape = (of: CniShape): CniShape => ({ is: 'list', of });
export const mapShape = (of: CniShape): CniShape => ({ is: 'map', of });
export const objectShape = (keys: CniObjectShape['keys'], ...required: readonly string[]): CniObjectShape => ({
  is: 'fields',
  keys,
  required,
  open: false,
});
export const openObjectShape = (keys: CniObjectShape['keys']): CniObjectShape => ({
  is: 'fields',
  keys,
  required: [],
  open: true,
});
