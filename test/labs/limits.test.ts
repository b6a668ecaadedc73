import { describe, expect, test } from 'vitest';
import { repository, withMachine } from '../support/machine.ts';
import { createForeignObjects } from './foreign-objects.ts';

const portForward = 'topologies/dual-stack/port-forward.yaml';
const netform = `${process.execPath} ${repository}bin/run.js`;

describe.concurrent('no program is started on the way', () => {
  test('plan, apply, show, list and destroy work with nothing to be found in PATH', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      for (const args of [
        `validate ${portForward}`,
        `plan ${portForward}`,
        `apply ${portForward}`,
        'show',
        'list',
        'destroy --yes',
      ]) {
        const ended = await m.sh(`env -i PATH=/nonexistent ${netform} ${args}`);
        expect(ended.code, `${args}\n${ended.stdout}${ended.stderr}`).toBe(0);
      }
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('the kernel sees no fork and no exec', async () => {
    await withMachine(async (m) => {
      for (const args of [`apply ${portForward}`, 'destroy --yes']) {
        await m.must(`strace -f -qq -e trace=execve,execveat,fork,vfork,clone,clone3 -o /run/trace ${netform} ${args}`);
        const calls = (await m.must('cat /run/trace')).split('\n').filter((line) => /exec|fork|clone/.test(line));
        const started = calls.filter((line) => !line.includes('CLONE_THREAD') && !line.includes('resumed'));
        expect(started.map((line) => line.replace(/^\d+ +/, '').slice(0, 30))).toEqual([
          expect.stringContaining('execve('),
        ]);
      }
    });
  });
});

describe.concurrent('what is missing is named, and nothing is changed', () => {
  test('the right to do it', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      // In the user namespace of an ordinary user there is nobody else to become.
      const others = '$(grep -q 4294967295 /proc/self/uid_map && echo --reuid=65534 --regid=65534 --clear-groups)';
      const nobody = `setpriv ${others} --inh-caps=-all --bounding-set=-all`;
      for (const verb of ['apply', 'destroy --yes']) {
        const ended = await m.sh(`${nobody} ${netform} ${verb} topologies/red-blue.yaml`);
        expect(ended.code, ended.stdout + ended.stderr).toBe(2);
        expect(ended.stderr).toMatch(/root|CAP_NET_ADMIN/);
        expect(ended.stderr).not.toMatch(/^\s+at /m);
      }
      const valid = await m.sh(`${nobody} ${netform} validate topologies/red-blue.yaml`);
      expect(valid.code, valid.stdout + valid.stderr).toBe(0);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('libnftables, only where the topology needs it', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      const hide = `for lib in /usr/lib/*/libnftables.so.1*; do mount --bind /dev/null "$lib"; done`;
      const ended = await m.sh(`unshare --mount sh -c '${hide}; exec ${netform} apply ${portForward}'`);
      expect(ended.code, ended.stdout + ended.stderr).toBe(3);
      expect(ended.stdout + ended.stderr).toMatch(/libnftables1|nftables/);
      expect(await m.snapshot()).toBe(before);
      const without = await m.sh(
        `unshare --mount --propagation unchanged sh -c '${hide}; exec ${netform} plan topologies/red-blue.yaml'`,
      );
      expect(without.code, without.stdout + without.stderr).toBe(0);
    });
  });

  test('the CNI plugins: a warning that names the package, because the file may come first', async () => {
    await withMachine(async (m) => {
      const hide = 'mount -t tmpfs none /usr/lib/cni';
      const ended = await m.sh(`unshare --mount sh -c '${hide}; exec ${netform} plan topologies/cni.yaml'`);
      expect(ended.code, ended.stdout + ended.stderr).toBe(0);
      expect(ended.stdout + ended.stderr).toContain('containernetworking-plugins');
    });
  });
});
