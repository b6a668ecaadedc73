/** How wide a text is, in pixels, in the widest of the usual fonts of that sort: it has to fit wherever it is shown. */
export function textWidth(text: string, font: Font): number {
  const sum = [...text].reduce((width, character) => width + characterWidth(character, font.family), 0);
  return Math.ceil(sum * font.size * (font.bold ? 1.1 : 1));
}

/** A font by its family, its size in pixels and its weight. */
export type Font = { readonly family: 'sans' | 'mono'; readonly size: number; readonly bold?: true };

/** The fonts of a picture, by what they are used for. */
export const FONTS = {
  heading: { family: 'sans', size: 20, bold: true },
  title: { family: 'sans', size: 14, bold: true },
  small: { family: 'sans', size: 12 },
  card: { family: 'sans', size: 12, bold: true },
  mono: { family: 'mono', size: 12 },
  tiny: { family: 'mono', size: 12 },
} as const satisfies { readonly [name: string]: Font };

/** At most so many characters, the last of them … when something is left out. */
export function truncateText(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

function characterWidth(character: string, family: Font['family']): number {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x1100) return code >= 0x2e80 ? 1.1 : 0.75;
  if (family === 'mono') return 0.605;
  if ("iljI.,:;|!'()[] ".includes(character)) return 0.36;
  if ('mwMW@%'.includes(character)) return 0.95;
  return character >= 'A' && character <= 'Z' ? 0.72 : 0.62;
}
