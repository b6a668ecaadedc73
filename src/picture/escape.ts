/** Text that came from a file or the machine, with what would steer its reader written out (`\x1b`, `\u202e`). */
export const visible = (text: string): string => text.replace(STEERING, written);

const STEERING = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/gu;

function written(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}

/** For XML and HTML, in text and in quoted attributes. */
export const xml = (text: string): string => visible(text).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** An element; attributes that are null are left out. `children` are markup. */
export function tag(
  name: string,
  attributes: { readonly [name: string]: string | number | null },
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${xml(typeof value === 'number' ? rounded(value) : String(value))}"`);
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

/** JSON that may stand in a script element of a page. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
