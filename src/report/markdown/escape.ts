import { escapeControl } from '../../model/values/escape-control.ts';

/** Text that a renderer of Markdown shows as it is: in backticks, more of them than it has in a row. */
export function codeSpan(text: string): string {
  const plain = escapeControl(text);
  const fence = '`'.repeat(longestRun(plain) + 1);
  const space = plain === '' || /^[` ]|[` ]$/.test(plain) ? ' ' : '';
  return `${fence}${space}${plain}${space}${fence}`;
}

/** Lines in a fence that is longer than any that stands in them. `language`: how they are coloured. */
export function codeBlock(lines: readonly string[], language: string): string {
  const fence = '`'.repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return `${fence}${language}\n${lines.map((line) => `${line}\n`).join('')}${fence}`;
}

/** Text inside of an HTML element. */
export const htmlText = (text: string): string =>
  escapeControl(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('`', '&#96;');

/** The beginning of a text, in at most so many bytes of UTF-8, with `…` where it goes on. */
export function clipBytes(text: string, maxBytes: number): string {
  if (byteLength(text) <= maxBytes) return text;
  const kept: string[] = [];
  let left = maxBytes - byteLength('…');
  for (const character of text) {
    left -= byteLength(character);
    if (left < 0) break;
    kept.push(character);
  }
  return `${kept.join('')}…`;
}

/** How many bytes of UTF-8 a text takes. */
export const byteLength = (text: string): number => Buffer.byteLength(text);

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
