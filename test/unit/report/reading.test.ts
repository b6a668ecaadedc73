import { afterEach, expect, test, vi } from 'vitest';
import { reading, terminal } from '../../../src/report/reading.ts';

const wasTerminal = process.stderr.isTTY;

afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = wasTerminal;
  terminal.isTaken = false;
});

test('a terminal is told that many namespaces are read, and the line goes', () => {
  const said = listening(true);
  expect(reading(1000, () => said.join('|'))).toBe('reading 1000 namespaces');
  expect(said).toEqual(['reading 1000 namespaces', '\r\x1b[K']);
});

test('the line goes when reading fails', () => {
  const said = listening(true);
  expect(() =>
    reading(1000, () => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(said.at(-1)).toBe('\r\x1b[K');
});

test('nothing is said of few, without a terminal, and beside a list of tasks', () => {
  const said = listening(true);
  expect(reading(3, () => 7)).toBe(7);
  terminal.isTaken = true;
  reading(1000, () => 7);
  process.stderr.isTTY = false;
  terminal.isTaken = false;
  reading(1000, () => 7);
  expect(said).toEqual([]);
});

/** What is written to stderr from now on, which is a terminal or not. */
function listening(isTerminal: boolean): string[] {
  const said: string[] = [];
  process.stderr.isTTY = isTerminal;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  return said;
}
