import { displayWidth } from './display-width.ts';

/**
 * A text whose lines fit into `width` columns of a terminal, broken between words. The rest of a line stands below its last
 * column (what follows three spaces), or two to four spaces further in than the line where there is none, or it is too far
 * to the right. Sequences that colour text (SGR of ECMA-48) take no room. A word that is wider than a line stays whole, and
 * so does a line that matches `kept`.
 */
export const wrapText = (text: string, width: number, kept: RegExp | null = null): string =>
  text
    .split('\n')
    .map((line) => (visibleWidth(line) <= width || kept?.test(line.replaceAll(SGR, '')) ? line : wrapLine(line, width)))
    .join('\n');

function wrapLine(line: string, width: number): string {
  const indent = hangingIndent(line, width);
  const lines: string[] = [];
  let current = '';
  // A word and the spaces before it.
  for (const word of line.match(/\s*\S+/g) ?? []) {
    if (current.trim() !== '' && visibleWidth(current + word) > width) {
      lines.push(current);
      current = `${indent}${word.trimStart()}`;
    } else current += word;
  }
  return [...lines, current].join('\n');
}

function hangingIndent(line: string, width: number): string {
  const visible = line.replaceAll(SGR, '').trimEnd();
  const start = visible.length - visible.trimStart().length;
  const gap = visible.lastIndexOf('   ');
  const column = gap + 3;
  if (gap > start && width - column >= MIN_ROOM) return ' '.repeat(displayWidth(visible.slice(0, column)));
  return ' '.repeat(start + (start === 0 || visible.startsWith('= ', start) ? 2 : 4));
}

/** So many columns of a terminal hold a few words. */
const MIN_ROOM = 24;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these sequences start with one.
const SGR = /\u001b\[[\d;]*m/g;

const visibleWidth = (text: string): number => displayWidth(text.replaceAll(SGR, ''));
