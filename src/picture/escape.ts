import { escapeControl } from '../model/values/escape-control.ts';

/** For XML and HTML, in text and in quoted attributes. */
export const escapeXml = (text: string): string =>
  escapeControl(text).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** An element; attributes that are null are left out. `children` are markup. */
export function xmlElement(
  name: string,
  attributes: { readonly [name: string]: string | number | null },
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escapeXml(typeof value === 'number' ? roundToTenth(value) : String(value))}"`);
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

const roundToTenth = (value: number): string => String(Math.round(value * 10) / 10);

/** JSON that may stand in a script element of a page. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
