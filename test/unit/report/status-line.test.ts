import { afterEach, expect, test, vi } from 'vitest';
import { fileWorkSize, NO_PROGRESS, withProgress } from '../../../src/model/results/progress.ts';
import { beginStatusLine, stderrTerminal } from '../../../src/report/progress/status-line.ts';
import { terminalProgress } from '../../../src/report/progress/terminal-progress.ts';

const wasTerminal = process.stderr.isTTY;
/** Work that is reported by the progress that the commands give the pipeline. */
const withStatusLine = <T>(title: string, size: number, work: () => T): T =>
  withProgress({ ...NO_PROGRESS, ...terminalProgress }, [title, size], work);

const ERASE = '\r\x1b[K';

afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = wasTerminal;
  stderrTerminal.isTaken = false;
});

test('a terminal is told at once of what is large, and the line goes', () => {
  const said = listening(true);
  expect(withStatusLine('reading', 1000, () => said.join('|'))).toBe(`${ERASE}reading`);
  expect(said).toEqual([`${ERASE}reading`, ERASE]);
});

test('a step inside another takes its place for a while', () => {
  const said = listening(true);
  withStatusLine('comparing', 1000, () => withStatusLine('reading', 1000, () => {}));
  expect(said).toEqual([`${ERASE}comparing`, `${ERASE}reading`, `${ERASE}comparing`, ERASE]);
});

test('a title never takes a second line, and cannot steer the terminal', () => {
  const said = listening(true);
  beginStatusLine(`\u001b[2J${'x'.repeat(500)}`, 1000)();
  expect(said[0]?.startsWith(`${ERASE}\\x1b[2Jxxx`)).toBe(true);
  expect(said[0]?.length).toBeLessThan(ERASE.length + (process.stderr.columns || 80));
});

test('the line goes when the work fails', () => {
  const said = listening(true);
  const fail = () => {
    throw new Error('no');
  };
  expect(() => withStatusLine('reading', 1000, fail)).toThrow('no');
  expect(said.at(-1)).toBe(ERASE);
});

test('what is small is told once the command lasts half a second', () => {
  const said = listening(true);
  const now = vi.spyOn(performance, 'now').mockReturnValue(499);
  withStatusLine('reading', 3, () => {});
  expect(said).toEqual([]);
  now.mockReturnValue(501);
  beginStatusLine('reading', 3)();
  expect(said).toEqual([`${ERASE}reading`, ERASE]);
});

test('nothing is said without a terminal, beside a list of tasks and under --json', () => {
  const said = listening(true);
  stderrTerminal.isTaken = true;
  withStatusLine('reading', 1000, () => {});
  stderrTerminal.isTaken = false;
  process.stderr.isTTY = false;
  withStatusLine('reading', 1000, () => {});
  expect(said).toEqual([]);
});

test('a second signal is answered also without a terminal', () => {
  const said = listening(false);
  terminalProgress.rollingBack();
  expect(said).toEqual(['netform: rolling back, please wait\n']);
});

test('a file of a thousand namespaces is large, one of fifty is not', () => {
  expect(fileWorkSize(50_000)).toBeGreaterThan(150);
  expect(fileWorkSize(2500)).toBeLessThan(150);
});

/** What is written to stderr from now on, which is a terminal or not. */
function listening(isTerminal: boolean): string[] {
  const said: string[] = [];
  process.stderr.isTTY = isTerminal;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  return said;
}
