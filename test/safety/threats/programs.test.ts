import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { repository, withMachine } from '../../support/machine.ts';

const cni = 'topologies/cni.yaml';
const netform = `${process.execPath} ${repository}bin/run.js`;
const answer = `echo '{"cniVersion":"1.0.0","supportedVersions":["1.0.0"]}'`;

/** A plugin that says what it was started with. */
const spy = `mkdir -p /opt/cni/bin
cat >/opt/cni/bin/bridge <<'EOF'
#!/bin/sh
tr '\\0' '\\n' </proc/$$/environ | sort >/run/environment
(exec ls -l /proc/self/fd) >/run/descriptors
pwd >/run/folder
${answer}
EOF
cp /usr/lib/cni/host-local /opt/cni/bin/
chmod 755 /opt/cni/bin/bridge`;

describe.concurrent('threats 15 and 16: the programs that are started', () => {
  test('a plugin gets an environment of ours only, no descriptor of ours, and / to work in', async () => {
    await withMachine(async (m) => {
      await m.must(`mount -t tmpfs -o mode=755 none /opt\n${spy}`);
      const env =
        'NODE_OPTIONS=--no-warnings LD_PRELOAD=/nonexistent.so LD_LIBRARY_PATH=/tmp CNI_ARGS=x PATH=/tmp:$PATH SECRET=1 BASH_ENV=/tmp/x';
      await m.must(`env ${env} ${netform} plan ${cni} 2>/dev/null`);
      const variables = (await m.must('cat /run/environment')).trim().split('\n');
      expect(variables).toEqual(['CNI_COMMAND=VERSION', 'LC_ALL=C', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin']);
      const descriptors = (await m.must('cat /run/descriptors'))
        .split('\n')
        .filter((line) => / [3-9] -> |\d\d -> /.test(line));
      expect(descriptors.filter((line) => !/opt\/cni\/bin\/bridge|\/proc\/\d+\/fd/.test(line))).toEqual([]);
      expect(await m.must('cat /run/folder')).toBe('/\n');
    });
  });

  test('the watcher of --confirm gets nothing of the user either', async () => {
    await withMachine(async (m) => {
      const env = 'NODE_OPTIONS=--no-warnings LD_LIBRARY_PATH=/tmp SECRET=1 NODE_EXTRA_CA_CERTS=/tmp/x';
      await m.must(`env ${env} ${netform} apply topologies/red-blue.yaml --confirm 60s 2>/dev/null`);
      const environ = await m.must(`for p in /proc/[0-9]*; do
        if tr '\\0' ' ' <$p/cmdline | grep -q '^${process.execPath} .*rollback-timer.cjs'; then tr '\\0' '\\n' <$p/environ; ls -l $p/cwd; fi; done 2>/dev/null; true`);
      expect(environ).toContain('PATH=/usr/sbin:/usr/bin:/sbin:/bin');
      expect(environ).toMatch(/cwd -> \/$/m);
      expect(environ).not.toMatch(/SECRET|NODE_|LD_/);
    });
  });

  const unsafe: readonly (readonly [string, string])[] = [
    ['belongs to somebody else', 'chown 1000 /opt/cni/bin/bridge'],
    ['can be written by others', 'chmod 777 /opt/cni/bin/bridge'],
    ['lies in a folder of somebody else', 'chown 1000 /opt/cni/bin'],
    ['lies below a folder that others may write', 'chmod 777 /opt/cni'],
    [
      'is a link to a program outside the folders',
      'mv /opt/cni/bin/bridge /opt/elsewhere && ln -s ../../elsewhere /opt/cni/bin/bridge',
    ],
  ];
  test.each(unsafe)('a plugin is not started when it %s', async (_, script) => {
    await withMachine(async (m) => {
      await m.must(`mount -t tmpfs -o mode=755 none /opt\n${spy}\n${script}`);
      const before = await m.snapshot();
      const ended = await m.netform(['plan', cni]);
      expect(ended.stdout + ended.stderr).toMatch(/others than root|outside/);
      expect((await m.sh('test -e /run/environment')).code).toBe(1);
      expect(await m.snapshot()).toBe(before);
    });
  });

  const hanging: readonly (readonly [string, string])[] = [
    ['never ends', 'exec sleep 1000'],
    ['prints for ever', 'exec yes'],
    ['dies', 'kill -9 $$'],
    ['answers nonsense', 'echo "{{{{"'],
    ['answers in escape sequences', `printf '{"supportedVersions":["\\033]0;x\\007"]}'`],
  ];
  test.each(hanging)('a plugin that %s is a warning, and nothing waits for it', async (_, body) => {
    await withMachine(async (m) => {
      await m.must(
        `mount -t tmpfs -o mode=755 none /opt\n${spy}\nprintf '#!/bin/sh\\n%s\\n' "$BODY" >/opt/cni/bin/bridge`,
        { env: { BODY: body } },
      );
      const ended = await m.netform(['plan', cni]);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(ended.stdout + ended.stderr).not.toMatch(/\u001b|^\s+at .*:\d+:\d+/m);
      expect([0, 3]).toContain(ended.code);
    });
  });
});

describe.concurrent('threat 17: rights', () => {
  test('CAP_NET_ADMIN and CAP_SYS_ADMIN are enough for apply and destroy', async () => {
    await withMachine(async (m) => {
      await m.must('mkdir /etc/netns');
      const before = await m.snapshot();
      const two = 'setpriv --bounding-set=-all,+net_admin,+sys_admin --inh-caps=-all';
      for (const args of [
        'apply topologies/dual-stack/port-forward.yaml',
        'destroy port-forward-dual --yes',
        'apply topologies/names.yaml',
        'destroy names --yes',
      ]) {
        const ended = await m.sh(`${two} ${netform} ${args}`);
        expect(ended.code, `${args}\n${ended.stdout}${ended.stderr}`).toBe(0);
      }
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('validate needs none, not even a home', async () => {
    await withMachine(async (m) => {
      const nobody =
        'env -i setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs';
      await m.must(`${nobody} ${netform} validate topologies/red-blue.yaml`);
    });
  });
});

describe('threat 26: faults that tests inject', () => {
  test('are not in what is shipped, and what asks for them does nothing', async () => {
    const dist = join(repository, 'dist');
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => /\.c?js$/.test(path));
    expect(files).toContain('main.cjs');
    expect(files.filter((path) => readFileSync(join(dist, path), 'utf8').includes('NETFORM_FAULT'))).toEqual([]);
    await withMachine(async (m) => {
      const env = { NETFORM_FAULT: 'kill@instruction:1', NETFORM_FAULT_LOG: '/run/faults' };
      await runNetform(m, ['apply', 'topologies/red-blue.yaml'], { env });
      expect((await m.sh('test -e /run/faults')).code).toBe(1);
    });
  });
});
