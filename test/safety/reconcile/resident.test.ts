import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../../support/machine.ts';
import { createRepository, pair } from './repository.ts';

const ADDRESS = 'ip -n red-pair -4 -o address show dev eth0';
const PATIENCE_MS = 60_000;

/** A resident reconcile, and what it has said. */
async function startResident(m: Machine, file: string, awaited: RegExp) {
  const child = m.start([process.execPath, `${repository}bin/run.js`, 'reconcile', file, '--watch']);
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said.text += text;
    });
  const forget = (): void => {
    said.text = '';
  };
  const hears = (pattern: RegExp) =>
    until(
      async () => pattern.test(said.text),
      () => `${pattern} in ${said.text}`,
    );
  await hears(awaited);
  const pid = (await m.must("pgrep -f '[/]resident[.]cjs '")).trim();
  return { child, pid, hears, said: () => said.text, forget };
}

async function until(isTrue: () => Promise<boolean>, what: () => string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what()}`);
    await setTimeout(50);
  }
}

const ended = async (m: Machine, child: ChildProcess, pid: string): Promise<number | null> => {
  const over = once(child, 'exit');
  await m.must(`kill -TERM ${pid}`);
  const [code] = await over;
  return code;
};

/** How often all its threads have slept and been woken. */
const switches = (pid: string) => `cat /proc/${pid}/task/*/status | awk '/^voluntary/ { sum += $2 } END { print sum }'`;

test('a resident reconcile sleeps, heals at once what others change, and follows its folder', () =>
  withMachine(async (m) => {
    await m.must('mkdir -p /run/labs /run/files; umask 022; cat >/run/labs/pair.yaml', { input: pair('10.7.0.10') });
    await m.must('umask 022; cat >/run/files/lab.yaml', {
      input: 'version: 1\nsource: { folder: /run/labs }\nconfirm: 0\nbackoff: { first: 1h, most: 1h }\n',
    });
    const { child, pid, hears, said, forget } = await startResident(m, '/run/files/lab.yaml', /pair {3}synced/);
    const isBack = async () => (await m.sh(ADDRESS)).stdout.includes('10.7.0.10/24');

    // A program that looks again and again has no such seconds. A bridge speaks of its ports for a while.
    const isStill = async () =>
      (await m.must(`a=$(${switches(pid)}); sleep 3; echo $(($(${switches(pid)}) - a))`)) === '0\n';
    await until(isStill, () => 'three seconds of sleep');
    const [, kib] = /VmRSS:\s+(\d+) kB/.exec(await m.must(`cat /proc/${pid}/status`)) ?? [];
    expect(Number(kib) * 1024).toBeLessThan(60e6);

    forget();
    await m.must('ip -n red-pair address del 10.7.0.10/24 dev eth0');
    await until(isBack, () => `healed; ${said()}`);
    await hears(/pair {3}healed/);
    await m.must('ip -n red-pair address del 10.7.0.10/24 dev eth0');
    await hears(
      /pair {3}failed: flapping[\s\S]*others changed address:red-pair\/eth0.* again within 30 s[\s\S]*pair is healed again from .* on/,
    );
    expect(await isBack()).toBe(false);
    expect((await m.netform(['reconcile', 'now', '/run/files/lab.yaml'])).code).toBe(0);
    expect(await isBack()).toBe(true);

    await m.must("sed -i 's/10.7.0.10/10.7.0.11/' /run/labs/pair.yaml");
    await until(
      async () => (await m.sh(ADDRESS)).stdout.includes('10.7.0.11/24'),
      () => `applied; ${said()}`,
    );
    expect((await m.netform(['reconcile', 'suspend', 'lab'])).code).toBe(0);
    await hears(/suspended by/);
    await m.must('ip netns delete blue-pair');
    await until(isStill, () => 'asleep while suspended');
    expect(await m.must('ip netns list')).not.toContain('blue-pair');
    expect((await m.netform(['reconcile', 'resume', 'lab'])).code).toBe(0);
    await until(
      async () => (await m.must('ip netns list')).includes('blue-pair'),
      () => `healed; ${said()}`,
    );
    await m.must('printf "drift: fix\\n" >>/run/files/lab.yaml');
    await hears(/lab.yaml:5:1: .*"fix"|drift/);
    expect(await ended(m, child, pid)).toBe(0);
  }));

test('it ends what is at work before it ends, and a hang-up is a reason to look', () =>
  withMachine(async (m) => {
    const { commit, settings, status } = await createRepository(m);
    await settings('confirm: 30s\nprobes: [{ in: host, run: [sh, -c, "touch /run/probed; sleep 2"] }]\n');
    await commit({ 'labs/pair.yaml': pair('10.7.0.10') });
    const { child, pid } = await startResident(m, 'lab', /pair {3}synced/);
    await m.must('rm /run/probed');
    const second = await commit({ 'labs/pair.yaml': pair('10.7.0.11') });
    await m.must(`kill -HUP ${pid}`);
    await until(
      async () => (await m.sh('test -e /run/probed')).code === 0,
      () => 'the probe',
    );
    expect(await ended(m, child, pid)).toBe(0);
    expect((await status()).labs).toMatchObject([{ state: 'synced', good: { commit: second } }]);
    expect(await m.must(ADDRESS)).toContain('10.7.0.11/24');
  }));

test('a run that was killed is made again, and rolled back first', () =>
  withMachine(async (m) => {
    const { commit, settings, status } = await createRepository(m);
    const probe = 'test ! -e /run/slow || { touch /run/probed; sleep 9; }';
    await settings(`confirm: 60s\nprobes: [{ in: host, run: [sh, -c, ${JSON.stringify(probe)}] }]\n`);
    const first = await commit({ 'labs/pair.yaml': pair('10.7.0.10') });
    const { child, pid, hears } = await startResident(m, 'lab', /pair {3}synced/);
    await m.must('touch /run/slow');
    await commit({ 'labs/pair.yaml': pair('10.7.0.11') });
    await m.must(`kill -HUP ${pid}`);
    await until(
      async () => (await m.sh('test -e /run/probed')).code === 0,
      () => 'the probe',
    );
    await m.must("rm /run/slow; pkill -9 -f '[/]resident-run[.]cjs '");
    await hears(/pair {3}failed: interrupted/);
    expect((await status()).labs).toMatchObject([{ state: 'failed', good: { commit: first } }]);
    expect(await m.must(ADDRESS)).toContain('10.7.0.10/24');
    expect(await ended(m, child, pid)).toBe(0);
  }));

test('it does not begin with a file that has mistakes', () =>
  withMachine(async (m) => {
    await m.must('umask 022; cat >/run/lab.yaml', { input: 'version: 1\nsource: { folder: /run/labs }\ndrift: fix\n' });
    const { code, stderr } = await m.netform(['reconcile', '/run/lab.yaml', '--watch']);
    expect([code, stderr]).toEqual([3, expect.stringContaining('lab.yaml:3:8:')]);
  }));
