import { describe, expect, test } from 'vitest';
import { createForeignObjects } from '../labs/foreign-objects.ts';
import { runNetform } from '../labs/run-netform.ts';
import { withMachine } from '../support/machine.ts';
import { bigLab, interrupt, JOURNAL, NETFORM } from './interrupt.ts';

const LAB = '/run/big.yaml';
const MOMENTS = [0, 0.03, 0.08, 0.15, 0.3];

describe.concurrent('kill -9', () => {
  test('whenever apply is killed: plan warns and writes nothing, the next apply puts back, says so, and goes on', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      await m.sh(`cat >${LAB}`, { input: bigLab(12) });
      const before = await m.snapshot();
      await runNetform(m, ['apply', LAB]);
      const applied = await m.snapshot();
      await runNetform(m, ['destroy', 'big', '--yes']);
      let interrupted = 0;
      for (const after of MOMENTS) {
        await interrupt(m, `apply ${LAB}`, { signal: 'KILL', after });
        const isOpen = (await m.sh(`grep -q "" ${JOURNAL}`)).code === 0;
        interrupted += Number(isOpen);
        if (isOpen) {
          const left = await m.must(`cat ${JOURNAL} | sha256sum; ip netns; ip -o link | cut -d: -f2`);
          for (const args of [['plan', LAB], ['list']]) {
            const { stderr } = await runNetform(m, args);
            expect(stderr).toMatch(/`apply \/run\/big\.yaml` of .* was interrupted: the next apply or destroy/);
          }
          expect(await m.must(`cat ${JOURNAL} | sha256sum; ip netns; ip -o link | cut -d: -f2`)).toBe(left);
        }
        const { stderr, stdout } = await runNetform(m, ['apply', LAB, '--json']);
        expect(stderr).toBe('');
        const { recovered = [] } = JSON.parse(stdout);
        expect(recovered.map((one: { outcome: string }) => one.outcome)).toEqual(
          isOpen ? [expect.stringMatching(/undone|finished/)] : [],
        );
        expect(await m.snapshot()).toBe(applied);
        expect((await m.sh(`test -e ${JOURNAL}`)).code).toBe(1);
        await runNetform(m, ['destroy', 'big', '--yes']);
        expect(await m.snapshot()).toBe(before);
      }
      expect(interrupted).toBeGreaterThan(0);
    });
  });

  test('whenever destroy is killed, rollback brings the lab back', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      await m.sh(`cat >${LAB}`, { input: bigLab(12) });
      await runNetform(m, ['apply', LAB]);
      const applied = await m.snapshot();
      for (const after of MOMENTS) {
        await interrupt(m, 'destroy big --yes', { signal: 'KILL', after });
        const isOpen = (await m.sh(`grep -q "" ${JOURNAL}`)).code === 0;
        await runNetform(m, ['rollback']);
        if (isOpen) expect((await m.sh(`test -e ${JOURNAL}`)).code).toBe(1);
        await runNetform(m, ['apply', LAB]);
        expect(await m.snapshot()).toBe(applied);
      }
    });
  });

  test('rollback without anything to do says so', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      expect((await runNetform(m, ['rollback'])).stdout).toBe('Nothing to roll back.\n');
      expect((await runNetform(m, ['recover', '--all'])).stdout).toBe('Nothing to recover.\n');
      expect(await m.snapshot()).toBe(before);
    });
  });
});

describe.concurrent('a signal', () => {
  test.each([
    ['INT', 130],
    ['TERM', 143],
    ['HUP', 129],
  ])('%s ends apply and destroy by rollback, exit %i', async (signal, code) => {
    await withMachine(async (m) => {
      await m.sh(`cat >${LAB}`, { input: bigLab(25) });
      const before = await m.snapshot();
      const made = await interrupt(m, `apply ${LAB}`, { signal, after: 0.02 });
      expect({ code: made.code, err: await m.must('cat /run/err') }).toMatchObject({
        code,
        err: expect.stringContaining('E_STOPPED'),
      });
      expect(await m.snapshot()).toBe(before);
      await runNetform(m, ['apply', LAB]);
      const applied = await m.snapshot();
      const removed = await interrupt(m, 'destroy big --yes', { signal, after: 0 });
      expect({ code: removed.code, err: await m.must('cat /run/err') }).toMatchObject({
        code,
        err: expect.stringContaining('E_STOPPED'),
      });
      expect(await m.snapshot()).toBe(applied);
      expect((await m.sh(`test -e ${JOURNAL}`)).code).toBe(1);
    });
  });

  // Two of one signal would be one while the process is busy.
  test('a second one says that the rollback is under way', async () => {
    await withMachine(async (m) => {
      await m.sh(`cat >${LAB}`, { input: bigLab(25) });
      await interrupt(m, `apply ${LAB}`, { signal: 'INT $pid; sleep 0.01; kill -TERM', after: 0.02 });
      expect(await m.must('cat /run/err')).toContain('rolling back, please wait');
      expect(await m.must('ip netns')).toBe('');
    });
  });

  test('a closed pipe leaves the new state or the old one, and no stack', async () => {
    await withMachine(async (m) => {
      await m.sh(`cat >${LAB}`, { input: bigLab(12) });
      const { stderr } = await m.sh(`${NETFORM} apply ${LAB} | head -1; ${NETFORM} apply ${LAB} --json | true`);
      expect(stderr).not.toMatch(/\bat .*:\d+:\d+|EPIPE/);
      const count = (await m.must('ip netns')).split('\n').length - 1;
      expect([0, 12]).toContain(count);
      await runNetform(m, ['apply', LAB]);
      expect((await m.must('ip netns')).split('\n').length - 1).toBe(12);
    });
  });
});
