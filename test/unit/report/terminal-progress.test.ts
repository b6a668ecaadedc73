import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import type { Operation } from '../../../src/model/operation.ts';
import { fileWorkSize, type Progress, withProgress } from '../../../src/model/results/progress.ts';
import { createTerminalProgress } from '../../../src/report/progress/terminal-progress.ts';

const ERASE = '\r\x1b[K';
const UP = '\x1b[1A';
const QUIET_MS = 500;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

type FakeTerminal = { readonly stream: NodeJS.WriteStream; readonly written: string[] };

/** A stream that keeps what is written to it; the frames of spinners are all written as `*`. */
function terminal(properties: { isTTY?: boolean; columns?: number; rows?: number } = {}): FakeTerminal {
  const written: string[] = [];
  const write = (text: string) => written.push(text.replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏|/\\-] /g, '* ')) > 0;
  const stream = { isTTY: true, columns: 80, rows: 24, ...properties, write };
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

/** The progress of a terminal for work that is done at once. */
const doing = ({ begin }: Pick<Progress, 'begin'>, title: string, size: number, work: () => unknown = () => {}) =>
  withProgress({ begin } as Progress, [title, size], work);

test('a line for large work is drawn before the work begins, and erased when it ends', () => {
  const { stream, written } = terminal();
  const progress = createTerminalProgress(stream, false);
  expect(doing(progress, 'reading', 1000, () => written.join('|'))).toBe(`${ERASE}* reading`);
  expect(written).toEqual([`${ERASE}* reading`, ERASE]);
});

test('a line inside another replaces it until it ends', () => {
  const { stream, written } = terminal();
  const progress = createTerminalProgress(stream, false);
  doing(progress, 'comparing', 1000, () => doing(progress, 'reading', 1000));
  expect(written).toEqual([`${ERASE}* comparing`, `${ERASE}* reading`, `${ERASE}* comparing`, ERASE]);
});

test('a title never takes a second line, and cannot steer the terminal', () => {
  const { stream, written } = terminal();
  createTerminalProgress(stream, false).begin(`\u001b[2J${'中'.repeat(500)}`, 1000)();
  expect(written[0]).toBe(`${ERASE}* \\x1b[2J${'中'.repeat((79 - 9) / 2)}`);
});

test('a line is erased when the work fails', () => {
  const { stream, written } = terminal();
  const fail = () => {
    throw new Error('no');
  };
  expect(() => doing(createTerminalProgress(stream, false), 'reading', 1000, fail)).toThrow('no');
  expect(written.at(-1)).toBe(ERASE);
});

test('small work is shown once the command lasts half a second', () => {
  const { stream, written } = terminal();
  const progress = createTerminalProgress(stream, false);
  const now = vi.spyOn(process, 'uptime').mockReturnValue((QUIET_MS - 1) / 1000);
  doing(progress, 'reading', 3);
  expect(written).toEqual([]);
  now.mockReturnValue((QUIET_MS + 1) / 1000);
  doing(progress, 'reading', 3);
  expect(written).toEqual([`${ERASE}* reading`, ERASE]);
});

test.each([
  ['without a terminal', { isTTY: false }, false],
  ['under --json', {}, true],
])('nothing is drawn %s, and text is still written', async (_, properties, quiet) => {
  const { stream, written } = terminal(properties);
  const progress = createTerminalProgress(stream, quiet);
  doing(progress, 'reading', 1000);
  const display = progress.display([operation('red', 'a')]);
  display.event({ operation: operation('red', 'a'), phase: 'done' });
  await display.close();
  await progress.wait('waiting', Promise.resolve());
  expect(written).toEqual([]);
  progress.write('netform: a sentence\n');
  expect(written).toEqual(['netform: a sentence\n']);
});

test('text is written above the line, which is drawn again', () => {
  const { stream, written } = terminal();
  const progress = createTerminalProgress(stream, false);
  doing(progress, 'reading', 1000, () => progress.write('netform: a sentence\n'));
  expect(written).toEqual([`${ERASE}* reading`, ERASE, 'netform: a sentence\n', `${ERASE}* reading`, ERASE]);
});

test('what is waited for is shown after half a second, with a spinner that moves', async () => {
  const { stream, written } = terminal();
  const progress = createTerminalProgress(stream, false);
  await progress.wait('waiting for a moment', sleep(20));
  expect(written).toEqual([]);
  vi.useFakeTimers();
  let end: () => void = () => {};
  const waiting = progress.wait(
    'waiting for the lock',
    new Promise<void>((resolve) => {
      end = resolve;
    }),
  );
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(written).toEqual([`${ERASE}* waiting for the lock`]);
  await vi.advanceTimersByTimeAsync(100);
  expect(written.length).toBe(2);
  end();
  await waiting;
  expect(written.at(-1)).toBe(ERASE);
  const { length } = written;
  await vi.advanceTimersByTimeAsync(1000);
  expect(written.length, 'the spinner has stopped').toBe(length);
});

const operation = (netns: string, id: string) => ({ netns, id: `${netns}/${id}` }) as Operation;
const several = ['red', 'blue'].flatMap((netns) => Array.from({ length: 600 }, (_, i) => operation(netns, `${i}`)));

test('a run has one line per namespace, with what is done of it', async () => {
  const { stream, written } = terminal();
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  const display = createTerminalProgress(stream, false).display(several);
  const at = (red: string, blue: string) => `${ERASE}${UP}${ERASE}* red: ${red}\n* blue: ${blue}`;
  expect(written).toEqual([`${ERASE}* red: 0 of 600 done\n* blue: 0 of 600 done`]);
  const ends = (one: Operation) => display.event({ operation: one, phase: 'done' });
  now.mockReturnValue(1000);
  several.slice(0, 2).forEach(ends);
  expect(written.at(-1)).toBe(at('1 of 600 done', '0 of 600 done'));
  several.forEach(ends);
  expect(written.at(-1)).toBe(at('600 of 600 done, verifying', '600 of 600 done, verifying'));
  expect(written.length, 'drawn ten times a second at most').toBe(3);
  display.rollback();
  expect(written.at(-1)).toBe(at('rolling back', 'rolling back'));
  await display.close();
  expect(written.at(-1)).toBe(`${ERASE}${UP}${ERASE}`);
});

test('a run in many namespaces has one line for all', async () => {
  const { stream, written } = terminal();
  const many = Array.from({ length: 1000 }, (_, i) => operation(`n${i % 30}`, `${i}`));
  await createTerminalProgress(stream, false).display(many).close();
  expect(written[0]).toBe(`${ERASE}* 1000 changes in 30 namespaces: 0 of 1000 done`);
});

test('a run of few changes shows nothing before half a second', async () => {
  vi.useFakeTimers();
  const { stream, written } = terminal();
  const display = createTerminalProgress(stream, false).display([operation('red', 'a')]);
  await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
  expect(written).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(written).toEqual([`${ERASE}* red: 0 of 1 done`]);
  await display.close();
});

test.each([
  ['a serial console, which does not know its size, gets one line', { columns: 0, rows: 0 }, 1],
  ['a low terminal gets as many lines as it has, but one', { rows: 2 }, 1],
  ['a terminal gets all lines', {}, 2],
])('draws progress: %s', async (_, properties, lines) => {
  const { stream, written } = terminal(properties);
  await createTerminalProgress(stream, false).display(several).close();
  expect(written[0]?.split('\n').length).toBe(lines);
});

test('a file of a thousand namespaces is large, one of fifty is not', () => {
  expect(fileWorkSize(50_000)).toBeGreaterThan(150);
  expect(fileWorkSize(2500)).toBeLessThan(150);
});
