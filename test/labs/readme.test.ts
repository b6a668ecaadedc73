import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository, withMachine } from '../support/machine.ts';
import { pings, serving, tcp } from '../support/traffic.ts';
import { createForeignObjects } from './foreign-objects.ts';
import { runNetform } from './run-netform.ts';

const readme = readFileSync(`${repository}README.md`, 'utf8');
const tour = readme.match(/```yaml\n([^`]*)```/)?.[1] ?? '';

describe.concurrent('what the readme promises', () => {
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
