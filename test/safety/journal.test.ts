import { describe, expect, test } from 'vitest';
import { createForeignObjects } from '../labs/foreign-objects.ts';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { bigLab, interrupt, JOURNAL } from './interrupt.ts';

const LAB = '/run/big.yaml';
const STATE = '/var/lib/netform/big/state.json';
const redBlue = 'topologies/red-blue.yaml';

describe.concurrent('a full disk', () => {
  test('however much room there is, a run ends in the new state or in the old one, and says why', async () => {
    await withMachine(async (m) => {
      await m.must('mkdir -p -m 700 /var/lib/netform; mkdir /etc/netns');
      const before = await m.snapshot();
      const codes = new Set<number>();
      for (const pages of [1, 2, 3, 4, 5, 6, 7, 8, 10, 12]) {
        await m.must(`mount -t tmpfs -o mode=700,size=${pages * 4}k tmpfs /var/lib/netform`);
        const { code, stderr } = await m.netform(['apply', redBlue]);
        codes.add(code);
        if (code !== 0) {
          expect(stderr).toMatch(/no space (is )?left/i);
          expect(stderr).toMatch(code === 1 ? /nothing was changed|make room/ : /all changes were rolled back/);
          expect(await m.must('ls -A /var/lib/netform')).toBe('');
          expect(await m.must('ip netns')).toBe('');
        } else await m.must('mount -o remount,size=1m /var/lib/netform');
        if (code === 0) await runNetform(m, ['destroy', 'red-blue', '--yes']);
        await m.must('umount /var/lib/netform');
        expect(await m.snapshot()).toBe(before);
      }
      expect(codes).toEqual(new Set([1, 4, 0]));
    });
  });
});

describe.concurrent('a journal', () => {
  test('that had its commit is finished, not undone', async () => {
    await withMachine(async (m) => {
      await m.sh(`cat >${LAB}`, { input: bigLab(3) });
      await runNetform(m, ['apply', LAB, '--confirm', '60s']);
      const applied = await m.snapshot();
      await edit(m, `const next = records.at(-1).next; records.push({ type: 'commit', next })`);
      await m.must(`cp ${STATE} /run/state; rm ${STATE}`);
      const { stderr } = await runNetform(m, ['recover', '--all']);
      expect(stderr).toContain('was complete when it was interrupted');
      await m.must(`cmp ${STATE} /run/state; ! test -e ${JOURNAL}`);
      expect(await m.snapshot()).toBe(applied);
      expect((await runNetform(m, ['plan', LAB])).stdout).toContain('Nothing to do');
    });
  });

  test('that is damaged is not believed: nothing is touched, and it says what to do', async () => {
    await withMachine(async (m) => {
      await m.sh(`cat >${LAB}`, { input: bigLab(120) });
      // A damaged last record is taken for one that was cut off.
      await interrupt(m, `apply ${LAB}`, { signal: 'KILL', after: 0, records: 2 });
      await m.must(`sed -i '1s/"big"/"bag"/' ${JOURNAL}`);
      const left = await m.must(`sha256sum ${JOURNAL}; ip netns; ip -o link | cut -d: -f2`);
      for (const args of [
        ['apply', LAB],
        ['rollback', 'big'],
        ['recover', '--all'],
      ]) {
        const { stderr } = await runNetform(m, args, { code: 1 });
        expect(stderr).toMatch(/line 1 is damaged \[E_JOURNAL\](?:.|\n)*nothing was touched; keep a copy/);
      }
      expect((await runNetform(m, ['list'])).stderr).toContain('is damaged');
      expect(await m.must(`sha256sum ${JOURNAL}; ip netns; ip -o link | cut -d: -f2`)).toBe(left);
    });
  });

  test('of before a reboot: the files and the record are put back, the lab can be applied again', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await m.sh(`cat >${LAB}`, { input: bigLab(4) });
      await runNetform(m, ['apply', LAB]);
      const names = await m.must('cat /etc/hosts /etc/netns/*/*');
      const applied = await m.snapshot();
      await m.sh(`cat >${LAB}`, { input: bigLab(6) });
      await runNetform(m, ['apply', LAB, '--confirm', '1h']);
      expect(await m.must('cat /etc/hosts /etc/netns/*/*')).not.toBe(names);
      await reboot(m);
      const { stderr } = await runNetform(m, ['recover', '--all']);
      expect(stderr).toContain('was interrupted by a reboot');
      expect(await m.must('cat /etc/hosts /etc/netns/*/*')).toBe(names);
      await m.sh(`cat >${LAB}`, { input: bigLab(4) });
      await runNetform(m, ['apply', LAB]);
      expect(await m.snapshot()).toBe(applied);
      await runNetform(m, ['destroy', 'big', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('of an unconfirmed run of before a reboot: undone at boot', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await m.sh(`cat >${LAB}`, { input: bigLab(3) });
      await runNetform(m, ['apply', LAB, '--confirm', '1h']);
      await reboot(m);
      expect((await runNetform(m, ['recover', '--all'])).stderr).toContain('was interrupted by a reboot');
      expect(await m.snapshot()).toBe(before);
      expect(await m.must('ls -A /var/lib/netform')).toBe('');
      await runNetform(m, ['confirm', 'big'], { code: 4 });
    });
  });
});

/** Another boot id in what is written, and nothing left of what the kernel holds. */
async function reboot(m: Machine): Promise<void> {
  await edit(
    m,
    `records[0].bootId = 'another'; if (records[0].confirm) records[0].confirm.bootId = 'another'; if (records[0].previous) records[0].previous.bootId = 'another'`,
  );
  await m.must(`
    for n in $(ip netns | grep -o '^n[0-9]*'); do ip netns del $n; done; sleep 0.3
    ip -o link | sed -n 's/^[0-9]*: \\(lan\\|[^:@]*\\)[:@].*alias netform:.*/\\1/p' | while read l; do ip link del $l; done
    nft list tables | grep netform_ | while read _ f t; do nft delete table $f $t; done
    echo 0 >/proc/sys/net/ipv4/ip_forward`);
}

/** Changes the records of the journal; their sums are right again. */
const edit = (m: Machine, change: string): Promise<string> =>
  m.must(`${process.execPath} --import tsx/esm --input-type=module`, {
    input: `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { decodeJournalLine, encodeJournalLine } from '${repository}src/store/journal-record.ts';
      const records = readFileSync('${JOURNAL}', 'utf8').split('\\n').map(decodeJournalLine).filter(Boolean);
      ${change};
      writeFileSync('${JOURNAL}', records.map(encodeJournalLine).join(''));`,
  });
