import { describe, expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { type Machine, withMachine } from '../../support/machine.ts';
import { pings, serving, tcp } from '../../support/traffic.ts';
import { container, dockerRules, sysctl } from './neighbour.ts';

const masquerade = 'topologies/masquerade.yaml';
const forward4 = 'net.ipv4.ip_forward';

const isPublished = (m: Machine): Promise<boolean> =>
  serving(m, { netns: 'box', port: 80 }, async () =>
    (await tcp(m, 'out', { to: '198.51.100.1', port: 9090 })).startsWith('box'),
  );

describe.concurrent('D1: forwarding that the lab turned on', () => {
  test('D1: stays on for a Docker that came later, until it is turned off by hand', async () => {
    await withMachine(async (m) => {
      await m.must(container);
      await runNetform(m, ['apply', masquerade]);
      expect(await sysctl(m, forward4)).toBe('1');
      await m.must(dockerRules);
      expect(await isPublished(m)).toBe(true);

      const destroyed = await runNetform(m, ['destroy', 'masquerade', '--yes']);
      expect(destroyed.stderr).toContain('net.ipv4.ip_forward stays 1, because Docker (table ip');
      expect(destroyed.stderr).toContain('to turn it off: sysctl -w net.ipv4.ip_forward=0');
      expect(destroyed.stdout).not.toContain('ip_forward');
      expect(await isPublished(m)).toBe(true);
      expect(await pings(m, 'box', '198.51.100.2')).toBe(true);

      // From here on the value is the machine's: the next lab finds it and leaves it without a word.
      const before = await m.snapshot();
      await runNetform(m, ['apply', masquerade]);
      const again = await runNetform(m, ['destroy', 'masquerade', '--yes']);
      expect(again.stderr).not.toContain('stays');
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('D1: goes off again under rules that were there before the lab, with forwarding off', async () => {
    await withMachine(async (m) => {
      await m.must(container);
      await m.must(`${dockerRules}\nsysctl -qw ${forward4}=0`);
      const before = await m.snapshot();
      await runNetform(m, ['apply', masquerade]);
      const { stderr } = await runNetform(m, ['destroy', 'masquerade', '--yes']);
      expect(stderr).not.toContain('stays');
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('D1: stays on when the file no longer needs it, and comes back to the lab with the file', async () => {
    const lab = (more: string) => `
version: 1
name: lab
bridges: { lan: 10.77.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
${more}`;
    const apply = (m: Machine, more: string) => runNetform(m, ['apply', '-', '--yes'], { input: lab(more) });
    await withMachine(async (m) => {
      const before = await m.snapshot();
      await apply(m, 'nat: [{ masquerade: lan }]');
      await apply(m, 'host: { forwarding: false }');
      expect(await sysctl(m, forward4)).toBe('0');
      await apply(m, 'nat: [{ masquerade: lan }]');
      await m.must('nft "table ip wg { chain post { type nat hook postrouting priority 100; masquerade; }; }"');
      const { stderr } = await apply(m, 'host: { forwarding: false }');
      expect(stderr).toContain('net.ipv4.ip_forward stays 1, because NAT (table ip wg, chain post)');
      expect(await sysctl(m, forward4)).toBe('1');
      await apply(m, 'nat: [{ masquerade: lan }]');
      await m.must('nft delete table ip wg');
      await runNetform(m, ['destroy', 'lab', '--yes']);
      expect(await sysctl(m, forward4)).toBe('1');
      await m.must(`sysctl -qw ${forward4}=0 net.ipv4.conf.all.accept_redirects=1`);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('D1: stays on for rules of legacy iptables', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', masquerade]);
      await m.must('iptables-legacy -t nat -A POSTROUTING -j MASQUERADE');
      const { stderr } = await runNetform(m, ['destroy', 'masquerade', '--yes']);
      expect(stderr).toContain('NAT (table ip nat of iptables-legacy, chain POSTROUTING)');
      expect(await sysctl(m, forward4)).toBe('1');
    });
  });
});
