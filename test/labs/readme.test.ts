import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dockerBridge } from '../support/docker-bridge.ts';
import { repository, withMachine } from '../support/machine.ts';
import { fencesOf, wordOf } from '../support/page.ts';
import { play } from '../support/play.ts';
import { pings, serving, tcp } from '../support/traffic.ts';
import { createForeignObjects } from './foreign-objects.ts';
import { runNetform } from './run-netform.ts';

const readme = readFileSync(`${repository}README.md`, 'utf8');
const tour = fencesOf(readme).find((fence) => wordOf(fence, 'file') === 'topology.yaml')?.body ?? '';

/** Warnings that Docker's firewall drops packets of the lab, which the page does not show. */
const withoutFirewallWarnings = (page: string): string =>
  page.replaceAll(/^\S+: warning: .*\[NF3011\]\n {5}= netform doctor .*\n+/gm, '');

describe.concurrent('what the readme promises', () => {
  test('who follows it beside Docker reaches a lab, sees it, breaks it, finds out why and repairs it (H1)', async () => {
    await withMachine(async (m) => {
      await m.must(dockerBridge);
      const before = await m.snapshot();
      expect(withoutFirewallWarnings(await play(readme, m))).toBe(readme);
      expect(await m.snapshot()).toBe(before);

      const docker = await runNetform(m, ['apply', 'topologies/docker-bridge.yaml']);
      expect(docker.stderr).toContain('NF3011');
      const { stdout } = await runNetform(m, ['doctor'], { code: 6 });
      const fixes = [...stdout.matchAll(/^(?: {9}fix:| {13}) +(iptables.*)$/gm)].map((match) => match[1]);
      expect(fixes.length).toBeGreaterThan(1);
      await m.must(fixes.join('\n'));
      expect(await pings(m, 'c1', 'c2')).toBe(true);
      expect(await pings(m, 'c1', '198.51.100.2')).toBe(true);
      await serving(m, { netns: 'c1', port: 80 }, async () => {
        expect(await tcp(m, 'host', { to: '127.0.0.1', port: 8080 })).toMatch(/^c1 /);
        expect(await tcp(m, 'outside', { to: '198.51.100.1', port: 8080 })).toBe('c1 198.51.100.2');
      });
      await runNetform(m, ['destroy', 'docker-bridge', '--yes']);
    });
  });

  test('the tour, step by step', async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await m.must('mkdir /run/tour && cat >/run/tour/topology.yaml', { input: tour });
      const cwd = '/run/tour';
      await runNetform(m, ['validate'], { cwd });
      await runNetform(m, ['apply'], { cwd });
      expect(await pings(m, 'red', 'blue')).toBe(true);
      await serving(m, { netns: 'blue', port: 80 }, async () => {
        expect(await tcp(m, 'host', { to: '127.0.0.1', port: 8080 })).toMatch(/^blue /);
      });
      await serving(m, { netns: 'stranger', port: 7000 }, async () => {
        expect(await tcp(m, 'red', { to: '198.51.100.2', port: 7000 })).toBe('stranger 198.51.100.1');
      });

      const withMtu = tour.replace(/eth0: \{ bridge: lan \}/, 'eth0: { bridge: lan, mtu: 1400 }');
      await m.must('cat >topology.yaml', { cwd, input: withMtu });
      expect((await runNetform(m, ['plan'], { cwd })).stdout).toContain(
        '0 to add, 1 to change, 0 to replace, 0 to delete',
      );
      await runNetform(m, ['apply'], { cwd });

      await m.must('cat >topology.yaml', { cwd, input: withMtu.replace(/ {2}blue:\n(?: {4}.*\n)+/, '') });
      await runNetform(m, ['apply', '--yes'], { cwd });
      expect(await m.must('ls /run/netns')).toBe('red\nstranger\n');
      await runNetform(m, ['destroy', '--yes'], { cwd });
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('the picture of a plan is what plan prints', async () => {
    await withMachine(async (m) => {
      const { stdout } = await runNetform(m, ['plan', 'topologies/red-blue.yaml']);
      const lines = (text: string) => text.replace(/mac \S+|in \d+ ms/g, '').trimEnd();
      expect(lines(readme)).toContain(lines(stdout));
    });
  });

  test('every template can be applied, all at once, and what its comment tries works', async () => {
    await withMachine(async (m) => {
      const names = readdirSync(join(repository, 'templates')).flatMap((file) => /^(.*)\.yaml$/.exec(file)?.[1] ?? []);
      for (const name of names) await runNetform(m, ['apply', `templates/${name}.yaml`]);
      const reach = [
        ['alice', 'bob'],
        ['client', 'web'],
        ['left', 'right'],
        ['box-1', 'box-2'],
        ['pod-a', 'pod-b'],
      ];
      for (const [from = '', to = ''] of reach) expect(await pings(m, from, to), `${from} ${to}`).toBe(true);
      await serving(m, { netns: 'web', port: 80 }, async () => {
        expect(await tcp(m, 'client', { to: 'web', port: 80 })).toBe('web 10.78.0.2');
        expect(await tcp(m, 'host', { to: '10.78.0.1', port: 8080 })).toMatch(/^web /);
      });
      expect(JSON.parse(await m.must('cat /etc/cni/net.d/*podnet.conflist'))).toMatchObject({ name: 'podnet' });
    });
  });
});
