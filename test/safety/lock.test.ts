import { describe, expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';
import { eventually, NETFORM } from './interrupt.ts';

const LAB = 'topologies/red-blue.yaml';

/** A run that has the lock and waits for its file for ever; gives its process id. */
async function holder(m: Machine): Promise<string> {
  await m.must(
    `mkfifo /run/lab.yaml; setsid ${NETFORM} apply /run/lab.yaml >/dev/null 2>&1 </dev/null & echo $! >/run/pid`,
  );
  const named = () => m.sh('grep -c apply /run/netform/lock').then(({ stdout }) => stdout.trim());
  expect(await eventually(named, '1', 20)).toBe('1');
  return (await m.must('cat /run/pid')).trim();
}

describe.concurrent('the lock', () => {
  test('names who has it, doing what, since when; those that only look need none', async () => {
    await withMachine(async (m) => {
      const pid = await holder(m);
      for (const args of [
        ['apply', LAB],
        ['destroy', 'x', '--yes'],
        ['rollback', 'x'],
        ['confirm', 'x'],
        ['recover', '--all'],
      ]) {
        const { stderr } = await runNetform(m, args, { code: 8 });
        expect(stderr).toMatch(
          new RegExp(`process ${pid} \\(apply /run/lab.yaml\\), since 20\\d\\d-\\S+Z \\[E_LOCKED\\]`),
        );
      }
      for (const args of [['list'], ['validate', LAB]]) await runNetform(m, args);
      const { stderr } = await runNetform(m, ['plan', LAB]);
      expect(stderr).toContain(
        `netform: another run changes this machine at the same time, process ${pid} (apply /run/lab.yaml), since 20`,
      );
    });
  });

  test('is free when its holder was killed; --lock-timeout waits for that', async () => {
    await withMachine(async (m) => {
      const pid = await holder(m);
      const { code, stderr } = await m.sh(`(sleep 1; kill -9 ${pid}) & ${NETFORM} apply ${LAB} --lock-timeout 30`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      await runNetform(m, ['destroy', 'red-blue', '--yes']);
    });
  });
});
