import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JournalBegin } from '../../../src/model/journal.ts';
import {
  beginJournal,
  interruptedIds,
  listJournals,
  readJournal,
  removeJournal,
  resumeJournal,
} from '../../../src/store/journal.ts';
import { encodeJournalLine } from '../../../src/store/journal-record.ts';
import { openStore, type Store } from '../../../src/store/store.ts';

let store: Store;
let path: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'netform-journal-'));
  store = openStore({ state: join(folder, 'lib'), run: join(folder, 'run'), owner: process.getuid?.() ?? 0 });
  path = join(store.state, 'red', 'journal');
});
afterEach(() => rmSync(join(store.state, '..'), { recursive: true }));

const begin: JournalBegin = {
  ...{ type: 'begin', version: 1, run: '0123456789abcdef', command: 'apply red.yaml', lab: 'red', uid: '0a1b2c3d' },
  ...{ bootId: 'boot', at: '2026-01-01T00:00:00.000Z', planHash: 'hash', previous: null, confirm: null },
  subjects: [
    {
      ...{ kind: 'netns', id: 'netns:red', netns: 'red', dependsOn: [], within: [] },
      ...{ intended: { name: 'ré\u2028d' }, before: null },
    },
  ],
};

function written(): void {
  const writer = beginJournal(store, begin);
  writer.append({ type: 'intent', stage: 1, ids: ['netns:red'] });
  writer.append({ type: 'done', stage: 1 });
  writer.append({ type: 'intent', stage: 2, ids: ['veth:red/eth0'] });
  writer.close();
}

test('what was written is read again; the file is for its owner', () => {
  written();
  expect(readJournal(store, 'red')).toEqual({
    ...{ begin, applied: null, commit: null },
    intended: new Set(['netns:red', 'veth:red/eth0']),
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(listJournals(store)).toEqual(['red']);
  expect(interruptedIds(store, 'red')).toEqual(new Set(['netns:red', 'veth:red/eth0']));
});

test('what a run came to change beyond its plan is known with what was there', () => {
  const other = { ...begin.subjects[0], id: 'netns:blue' } as JournalBegin['subjects'][number];
  const writer = beginJournal(store, begin);
  writer.append({ type: 'intent', stage: 1, ids: ['netns:red', 'netns:blue'], subjects: [other] });
  writer.close();
  expect(readJournal(store, 'red')?.begin.subjects).toEqual([...begin.subjects, other]);
});

test('cut off anywhere, it is what was whole: a line that is torn was not durable', () => {
  written();
  const whole = readFileSync(path);
  const ends = [...whole].flatMap((byte, i) => (byte === 10 ? [i + 1] : []));
  for (let length = whole.length; length >= 0; length--) {
    truncateSync(path, length);
    const lines = ends.filter((end) => end <= length).length;
    const journal = readJournal(store, 'red');
    expect(journal === null, `${length} bytes`).toBe(lines === 0);
    expect(journal?.intended.size ?? 0).toBe(lines < 2 ? 0 : lines < 4 ? 1 : 2);
  }
});

test('a last line with a wrong sum is torn, too; one before it is damage, and nothing is believed', () => {
  written();
  const lines = readFileSync(path, 'utf8').split('\n');
  const damaged = (nth: number) => lines.map((line, i) => (i === nth ? line.replace('"stage":', '"stage": ') : line));
  writeFileSync(path, damaged(3).join('\n'));
  expect(readJournal(store, 'red')?.intended).toEqual(new Set(['netns:red']));
  writeFileSync(path, damaged(1).join('\n'));
  expect(() => readJournal(store, 'red')).toThrow(
    expect.objectContaining({ code: 'E_JOURNAL', message: expect.stringContaining('line 2 is damaged') }),
  );
  expect(() => resumeJournal(store, 'red')).toThrow(expect.objectContaining({ code: 'E_JOURNAL' }));
});

test('one that is gone on with loses its torn end first', () => {
  written();
  appendFileSync(path, encodeJournalLine({ type: 'commit', next: null }).slice(0, -9));
  const writer = resumeJournal(store, 'red');
  writer.append({ type: 'applied', next: null });
  writer.close();
  expect(readJournal(store, 'red')).toMatchObject({ applied: { next: null }, commit: null });
});

test('a newer version is not guessed at', () => {
  beginJournal(store, { ...begin, version: 3 } as unknown as JournalBegin).close();
  expect(() => readJournal(store, 'red')).toThrow(expect.objectContaining({ code: 'E_JOURNAL' }));
});

test('a second journal of a lab is refused, and the first one stays', () => {
  written();
  expect(() => beginJournal(store, begin)).toThrow(expect.objectContaining({ code: 'E_STATE' }));
  expect(readJournal(store, 'red')?.intended.size).toBe(2);
});

test('removed, it leaves nothing', () => {
  written();
  removeJournal(store, 'red');
  removeJournal(store, 'red');
  expect(readJournal(store, 'red')).toBe(null);
  expect(() => statSync(join(store.state, 'red'))).toThrow('ENOENT');
});
