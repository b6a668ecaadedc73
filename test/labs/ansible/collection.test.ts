import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildPackage, noDpkg, pretendNode } from '../../safety/package/debian-package.ts';
import { ansible } from '../../support/fetched-programs.ts';
import { type Machine, repository, withMachine } from '../../support/machine.ts';
import { fencesOf, wordOf } from '../../support/page.ts';
import { controller, FOLDER, onHost, startHosts } from './hosts.ts';

const COLLECTION = join(repository, 'templates', 'ansible');
const why = ansible.missing ?? noDpkg;

/** What a play did on a host: the numbers of its recap. */
type Recap = { readonly [name: string]: number };

test.skipIf(why !== null)(
  `the Ansible collection builds labs on two hosts, with check and diff mode (${why ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await ansible.install(m);
      await startHosts(m, 2);
      const home = controller(`${ansible.folder}/compiled`);
      const play = async (...args: readonly string[]) => {
        // ssh keeps its connections, and its output open, for a while: a file does not wait for that.
        const command = `ansible-playbook ${args.join(' ')} >output 2>&1; code=$?; cat output; exit $code`;
        const { code, stdout: text } = await m.sh(command, home);
        return { code, text, h1: recapOf(text, 'h1'), h2: recapOf(text, 'h2') };
      };
      const tracesOf = async (host: number) =>
        (await onHost(m, host, 'ip -o addr; ip netns; find /etc/netform /var/lib/netform -type f')).stdout;
      await m.must(`ansible-galaxy collection install ${COLLECTION} -p collections`, home);
      for (const fence of fencesOf(readFileSync(join(COLLECTION, 'README.md'), 'utf8'))) {
        const file = wordOf(fence, 'file');
        if (file !== null) await m.must(`cat >${file}`, { ...home, input: fence.body });
      }

      // One host gets netform by its package, the other one has it.
      await installOnFirst(m);
      await onHost(
        m,
        2,
        `printf '#!/bin/sh\\nexec ${process.execPath} ${repository}bin/run.js "$@"\\n' >/usr/bin/netform
        chmod 755 /usr/bin/netform`,
      );
      const installed = await play('package.yml');
      expect(installed, installed.text).toMatchObject({ code: 0, h1: { changed: 2, failed: 0 } });

      const before = await tracesOf(1);
      const checked = await play('site.yml', '--check', '--diff');
      expect(checked, checked.text).toMatchObject({ code: 0, h1: { changed: 1 }, h2: { changed: 1 } });
      expect(checked.text).toContain('+host bridge lan');
      expect(checked.text).toContain('+web netns');
      expect(await tracesOf(1)).toBe(before);

      await m.must(`sed 's/          watch: true/          state: absent/' follow.yml >leave.yml`, home);
      // Once more it has nothing to do. What cannot be applied fails with netform's message, and changes nothing: see the next play.
      await m.must('cat >mistakes.yml', { ...home, input: MISTAKES });
      const applied = await play('site.yml', 'site.yml', 'mistakes.yml');
      const counts = { changed: 1, ignored: 4, failed: 0 };
      expect(applied, applied.text).toMatchObject({ code: 0, h1: counts, h2: counts });
      for (const message of MESSAGES) expect(applied.text.split(message).length - 1, message).toBe(2);
      for (const host of [1, 2])
        expect(await onHost(m, host, 'ip netns exec web ping -c1 -W2 10.71.0.2')).toMatchObject({ code: 0 });

      const followed = await play('follow.yml');
      expect(followed, followed.text).toMatchObject({ code: 0, h1: { changed: 2 }, h2: { changed: 2 } });
      expect(await onHost(m, 1, 'mkdir -p /srv/labs; cp /etc/netform/office.yaml /srv/labs')).toMatchObject({
        code: 0,
      });
      expect((await onHost(m, 1, 'netform reconcile follow')).stdout).toMatch(/office {3}held: adopt/);
      await m.must("sed -i 's/confirm: 0/confirm: soon/' follow.yml", home);
      const wrong = await play('follow.yml', '--check');
      expect(wrong, wrong.text).toMatchObject({ code: 2, h1: { failed: 1, changed: 0 } });
      expect(wrong.text).toContain('must be a time such as 60s, 5m or 1h, not');
      const left = await play('leave.yml');
      expect(left, left.text).toMatchObject({ code: 0, h1: { failed: 0 } });
      expect((await onHost(m, 1, 'ls /etc/netform/reconcile.d')).stdout).toBe('');

      const stepped = await play('steps.yml', '--diff');
      expect(stepped, stepped.text).toMatchObject({ code: 0, h1: { changed: 2 }, h2: { changed: 2 } });
      expect(stepped.text).toContain(CHANGED);
      expect(stepped.text).toContain('-web netns');
      expect((await onHost(m, 1, 'ip netns; netform boot --all')).stdout).toBe('Nothing to do: no lab is enabled.\n');
    }),
  // A machine that is busy with something else gets there, too.
  900_000,
);

function recapOf(text: string, host: string): Recap {
  // Each playbook of a run prints one, with the sum so far.
  const line = [...text.matchAll(new RegExp(`^${host} +: (.*)$`, 'gm'))].at(-1)?.[1] ?? '';
  return Object.fromEntries([...line.matchAll(/(\w+)=(\d+)/g)].map(([, name, count]) => [name, Number(count)]));
}

async function installOnFirst(m: Machine): Promise<void> {
  await m.must(`base64 -d >${FOLDER}/netform.deb`, { input: buildPackage().bytes.toString('base64') });
  expect(await onHost(m, 1, pretendNode(process.versions.node))).toMatchObject({ code: 0 });
  await m.must(`cat >${FOLDER}/package.yml`, { input: PACKAGE });
}

const PACKAGE = `- hosts: h1
  gather_facts: false
  roles: [{ role: netform.lab.netform, netform_package: ${FOLDER}/netform.deb }]
`;

/** All that is other than before is the MTU. */
const CHANGED = `
--- before: office
+++ after: /etc/netform/office.yaml
@@ -1 +1 @@
-db veth eth0   mtu 1400
+db veth eth0   mtu 1400 → 1300
`;

const OFFICE = `version: 1
name: office`;

const MISTAKES = `- hosts: labs
  gather_facts: false
  vars:
    lab: |
      ${OFFICE.replaceAll('\n', '\n      ')}
  tasks:
    - netform.lab.netform:
        content: |
          {{ lab }}
          bridges: { lan: { subnet: 10.71.0.0/24 } }
          namespaces: { web: { interfaces: { eth0: { bridge: lam } } } }
        dest: /etc/netform/office.yaml
      ignore_errors: true
    - netform.lab.netform: { name: shop, content: "{{ lab }}" }
      ignore_errors: true
    - netform.lab.netform: { content: "{{ lab }}", dest: /etc/netform/office.yaml }
      ignore_errors: true
    - netform.lab.netform: { content: "{{ lab }}", netform_path: netform-of-nobody }
      ignore_errors: true
`;

const MESSAGES = [
  '<stdin>:5:52: there is no bridge lam [NF2003]',
  'the topology is of the lab office, not shop',
  'the topology removes all of the lab office: it needs allow_empty: true',
  'Failed to find required executable',
];
