import { describe, expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

const small = 'version: 1\nname: lab\nnamespaces: { red: {}, blue: {} }\n';
const empty = 'version: 1\nname: lab\n';
const names = Array.from({ length: 21 }, (_, i) => `n${i}`);
const large = `version: 1\nname: lab\nnamespaces: { ${names.map((name) => `${name}: {}`).join(', ')} }\n`;

/** Runs netform on a terminal, with an answer typed. */
async function onTerminal(m: Machine, command: string, answer: string): Promise<string> {
  const { stdout } = await m.sh(
    `(sleep 2; echo '${answer}'; sleep 1) | script -qec 'node bin/run.js ${command}' /dev/null`,
  );
  return stdout;
}

const isThere = async (m: Machine): Promise<boolean> => (await m.must('ls /run/netns')).trim() !== '';

describe.concurrent('before nothing of a lab is left', () => {
  test('an empty file needs --yes where nobody can be asked', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', '-'], { input: small });
      const applied = await m.snapshot();
      const { stderr } = await runNetform(m, ['apply', '-'], { input: empty, code: 2 });
      expect(stderr).toContain('<stdin> is empty');
      expect(stderr).toContain('--yes');
      expect((await runNetform(m, ['destroy', 'lab'], { code: 2 })).stderr).toContain('--yes');
      expect(await m.snapshot()).toBe(applied);
      await runNetform(m, ['apply', '-', '--yes'], { input: empty });
      expect(await isThere(m)).toBe(false);
      await runNetform(m, ['apply', '-'], { input: empty });
    });
  });

  test('on a terminal a small lab takes a yes', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', '-'], { input: small });
      await m.must('cat > /run/empty.yaml', { input: empty });
      expect(await onTerminal(m, 'apply /run/empty.yaml', 'no')).toContain('Remove the whole lab lab? [y/N]');
      expect(await isThere(m)).toBe(true);
      expect(await onTerminal(m, 'destroy lab', 'y')).toContain('Destroy the lab lab? [y/N]');
      expect(await isThere(m)).toBe(false);
    });
  });

  test('a large one is called by its name', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', '-'], { input: large });
      const said = await onTerminal(m, 'destroy lab', 'yes');
      expect(said).toContain('removes the whole lab lab with its 21 namespaces. Type its name to continue:');
      expect(said).toContain('Nothing was changed.');
      expect(await isThere(m)).toBe(true);
      expect(await onTerminal(m, 'destroy lab', 'lab')).toContain('Destroyed lab');
      expect(await isThere(m)).toBe(false);
    });
  });
});

describe.concurrent('a namespace that something holds', () => {
  test('by a process: destroy ends, and names it', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      await runNetform(m, ['apply', 'topologies/red-blue.yaml']);
      const sleeper = m.start(['ip', 'netns', 'exec', 'red', 'sleep', '60']);
      await m.must('for i in $(seq 50); do pgrep -x sleep >/dev/null && exit; sleep 0.05; done; exit 1');
      const pid = (await m.must('pgrep -x sleep')).trim();
      const { stderr } = await runNetform(m, ['destroy', 'red-blue', '--yes']);
      expect(stderr).toContain(`still running in the namespace red, whose name is deleted: ${pid} (sleep)`);
      expect(await m.snapshot()).toBe(before);
      sleeper.kill();
    });
  });

  test('by a socket: destroy ends, and a new lab of that name can be made', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      await runNetform(m, ['apply', 'topologies/red-blue.yaml']);
      const applied = await m.snapshot();
      const code = `import socket, os, ctypes, time
home = os.open('/proc/self/ns/net', 0); red = os.open('/run/netns/red', 0)
libc = ctypes.CDLL(None)
libc.setns(red, 0); s = socket.socket(); libc.setns(home, 0)
os.close(red); print('held', flush=True); time.sleep(60)`;
      const holder = m.start(['python3', '-c', code]);
      await new Promise((resolve) => holder.stdout?.once('data', resolve));
      await runNetform(m, ['destroy', 'red-blue', '--yes']);
      expect(await m.snapshot()).toBe(before);
      await runNetform(m, ['apply', 'topologies/red-blue.yaml']);
      expect(await m.snapshot()).toBe(applied);
      holder.kill();
    });
  });
});
