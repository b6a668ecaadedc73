import { afterEach, expect, test, vi } from 'vitest';
import { bootId, bootSeconds } from '../../../src/kernel/boot.ts';
import { toSystemdUnit } from '../../../src/kernel/process/detached-process.ts';
import type { JournalBegin, OpenJournal } from '../../../src/model/journal.ts';
import { parseConfirmSeconds } from '../../../src/pipeline/recovery/confirm.ts';
import { confirmSecondsLeft } from '../../../src/pipeline/recovery/open-runs.ts';

afterEach(() => vi.useRealTimers());

const begin: JournalBegin = {
  ...{ type: 'begin', version: 1, run: '0123456789abcdef', command: 'apply x', lab: 'x', uid: '0a1b2c3d', bootId: '' },
  ...{ at: '', planHash: '', previous: null, subjects: [], confirm: null },
};

const unconfirmed = (seconds: number, boot = bootId()): OpenJournal => ({
  begin: { ...begin, confirm: { seconds, deadline: bootSeconds() + seconds, bootId: boot } },
  ...{ intended: new Set(), applied: { next: null }, commit: null },
});

test('the time to confirm does not depend on the clock on the wall', () => {
  const journal = unconfirmed(60);
  vi.useFakeTimers({ now: Date.now() + 86_400_000 });
  expect(confirmSecondsLeft(journal)).toBeGreaterThanOrEqual(59);
  vi.setSystemTime(0);
  expect(confirmSecondsLeft(journal)).toBeGreaterThanOrEqual(59);
  expect(confirmSecondsLeft(unconfirmed(-1))).toBe(null);
});

test('it is over after a reboot, and there is none for a run that was not applied or that counts', () => {
  expect(confirmSecondsLeft(unconfirmed(60, 'another boot'))).toBe(null);
  expect(confirmSecondsLeft({ ...unconfirmed(60), applied: null })).toBe(null);
  expect(confirmSecondsLeft({ ...unconfirmed(60), commit: { next: null } })).toBe(null);
  expect(confirmSecondsLeft({ ...unconfirmed(60), begin })).toBe(null);
});

test.each([
  ['60', 60],
  ['60s', 60],
  ['5m', 300],
  ['1h', 3600],
])('--confirm %s is %i seconds', (text, seconds) => expect(parseConfirmSeconds(text)).toBe(seconds));

test.each(['', '0', '-1s', '1.5m', '25h', 'soon', '60 s; reboot'])('--confirm %j is refused', (text) => {
  expect(() => parseConfirmSeconds(text)).toThrow(expect.objectContaining({ code: 'E_USAGE', exitCode: 2 }));
});

test('as a unit of systemd the watcher is a unit of its own', () => {
  const program = { file: '/usr/bin/node', args: ['/x/rollback-timer.cjs', 'red'], log: '/run/log' };
  const { file, args } = toSystemdUnit('netform-confirm-red', program, '/usr/bin/systemd-run');
  expect(file).toBe('/usr/bin/systemd-run');
  expect(args).toEqual(expect.arrayContaining(['--collect', '--unit=netform-confirm-red']));
  expect(args.slice(args.indexOf('--'))).toEqual(['--', '/usr/bin/node', '/x/rollback-timer.cjs', 'red']);
});
