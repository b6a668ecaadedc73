import { byteLength, clipBytes, codeBlock } from './escape.ts';

/** What stands around a block of lines, and the language that its lines are coloured as. */
export type BlockFrame = { readonly before: string; readonly after: string; readonly language: 'diff' | 'text' };

/** A text that never grows beyond a number of bytes. */
export type MarkdownPage = {
  /** Adds lines below a title, those that fit. */
  readonly addLines: (title: string, lines: readonly string[]) => void;
  /** Adds as much of a block as fits into `mostBytes`, and gives how many lines are left out. After a block that is cut none follows. */
  readonly addBlock: (lines: readonly string[], frame: BlockFrame, mostBytes?: number) => number;
  readonly text: () => string;
};

/** An empty page of at most so many bytes of UTF-8. */
export function createMarkdownPage(maxBytes: number): MarkdownPage {
  const parts: string[] = [];
  let left = maxBytes;
  let isCut = false;
  const add = (part: string): boolean => {
    const isFitting = byteLength(part) <= left;
    if (isFitting) {
      parts.push(part);
      left -= byteLength(part);
    }
    return isFitting;
  };
  return {
    addLines: (title, lines) => {
      if (lines.length === 0 || !add(`\n${title}\n\n`)) return;
      for (const line of lines) if (!add(`${line}\n`)) break;
    },
    addBlock: (lines, frame, mostBytes = left) => {
      if (isCut) return lines.length;
      const { text, leftOut } = fitBlock(lines, frame, Math.min(mostBytes, left));
      isCut = leftOut > 0 && mostBytes >= left;
      add(text);
      return leftOut;
    },
    text: () => parts.join(''),
  };
}

/** A line of a plan is shorter; one of a file may not be. */
const MAX_LINE_BYTES = 600;

/** The block with the lines that fit; an empty text where none does. */
function fitBlock(
  all: readonly string[],
  { before, after, language }: BlockFrame,
  maxBytes: number,
): { readonly text: string; readonly leftOut: number } {
  const lines = all.map((line) => clipBytes(line, MAX_LINE_BYTES));
  const blockOf = (some: readonly string[]): string => `\n${before}${codeBlock(some, language)}\n${after}`;
  if (byteLength(blockOf(lines)) <= maxBytes) return { text: blockOf(lines), leftOut: 0 };
  const frameBytes = byteLength(blockOf(lines)) - linesBytes(lines);
  let room = maxBytes - frameBytes - byteLength(`${moreLine(lines.length)}\n`);
  const count = lines.findIndex((line) => {
    room -= byteLength(line) + 1;
    return room < 0;
  });
  if (count < 1) return { text: '', leftOut: lines.length };
  const leftOut = lines.length - count;
  return { text: blockOf([...lines.slice(0, count), moreLine(leftOut)]), leftOut };
}

const moreLine = (count: number): string => `… and ${count} more`;

const linesBytes = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + byteLength(line) + 1, 0);
