import type { PlanLine } from '../../model/operation.ts';

/** Colours a piece of text, or leaves it as it is. */
export type Paint = (style: TextStyle, text: string) => string;
/** A colour or weight of text on a terminal. */
export type TextStyle = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'magenta';

/** Leaves text as it is. */
export const plainPaint: Paint = (_, text) => text;

/** Colours text by the escape sequences of ECMA-48 (SGR). */
export const ansiPaint: Paint = (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`;

/** Colour is for terminals, unless `NO_COLOR` (of any value) or a dumb terminal says otherwise. */
export function paintFor(stream: { readonly isTTY?: boolean }, wanted: 'auto' | 'never'): Paint {
  const { NO_COLOR, TERM } = process.env;
  return wanted === 'auto' && stream.isTTY === true && !NO_COLOR && TERM !== 'dumb' ? ansiPaint : plainPaint;
}

/** The colour of each sign of a plan. */
export const STYLE_OF_SIGN: { readonly [sign in PlanLine['sign']]: TextStyle } = {
  '+': 'green',
  '~': 'yellow',
  '±': 'magenta',
  '-': 'red',
  '?': 'magenta',
};

const CODES: { readonly [style in TextStyle]: number } = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  magenta: 35,
};
