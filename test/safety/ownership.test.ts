import { describe, expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

const redBlue = 'topologies/red-blue.yaml';
const state = '/var/lib/netform/red-blue';

/** The lab `one`: a route and a table in a namespace, a route and a name in the machine. */
const one = `version: 1
name: one
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: 10.1.0.11 } }
    routes: [{ to: 10.9.0.0/16, via: 10.1.0.12 }]
    rules: [{ from: 10.9.0.0/16, table: 100, priority: 1000 }]
    publish: [8080:80]
routes: [{ to: 203.0.113.0/24, via: 10.1.0.11 }]
host: { dns: { names: true } }
cni: { mynet: { cniVersion: 1.0.0, plugins: [{ type: loopback }] } }
`;

const apply = (m: Machine, ...more: readonly string[]) => runNetform(m, ['apply', '-', ...more], { input: one });
const plan = (m: Machine, code: number) => runNetform(m, ['plan', '-', '--exit-code'], { input: one, code });

const LOST = "no longer carries netform's mark";

describe.concurrent('ours is what has the mark and is in the state', () => {
  test('a mark that the state does not know is in the way; --adopt makes it the lab’s again', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      await runNetform(m, ['apply', redBlue]);
      const applied = await m.snapshot();
      await m.must(`rm -r ${state}`);
      for (const verb of ['plan', 'apply']) {
        const { stderr } = await runNetform(m, [verb, redBlue], { code: 7 });
        expect(stderr.match(/NF3001/g)).toHaveLength(1);
        expect(stderr).toMatch(
          /the lab red-blue is on this machine \((?:(?:namespace|bridge) \S+, )+.* and \d+ more\), but netform has no record of it/,
        );
        expect(stderr).toContain(`netform recover --orphans ${redBlue} records it again`);
      }
      expect(await m.snapshot()).toBe(applied);
      await runNetform(m, ['apply', redBlue, '--adopt', '--yes']);
      expect(await m.snapshot()).toBe(applied);
      await runNetform(m, ['destroy', 'red-blue', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  const lost: readonly (readonly [string, string, string, string])[] = [
    ['a namespace', 'ip -n red link set dev lo alias mine', 'namespace red', LOST],
    ['a bridge', 'ip link set dev lan alias mine', 'bridge lan', LOST],
    ['a cable', "ip -n red link set dev eth0 alias ''", 'veth red/eth0', LOST],
    [
      'a route',
      'ip -n red route replace 10.9.0.0/16 via 10.1.0.13',
      'route red/main/10.9.0.0/16',
      'already exists: protocol boot',
    ],
    [
      'a route of the machine',
      'ip route replace 203.0.113.0/24 via 10.1.0.11 proto static',
      'route main/203.0.113.0/24',
      'already exists: protocol static',
    ],
    [
      'a rule',
      'ip -n red rule del priority 1000; ip -n red rule add from 10.9.0.0/16 table 100 priority 1000',
      'rule red/1000',
      LOST,
    ],
    ['a table', 'nft delete set inet netform_one marker', 'nft netform_one', LOST],
    [
      'a conflist',
      'echo {} > /etc/cni/net.d/10-mynet.conflist',
      'conflist mynet',
      'already exists: /etc/cni/net.d/10-mynet.conflist was changed by another program',
    ],
    [
      'another lab’s',
      'ip -n red link set dev lo alias netform:v1:other:01234567',
      'namespace red',
      'already exists: it carries the mark of the lab other',
    ],
    ['a namespace made anew', 'ip netns del red; sleep 0.3; ip netns add red', 'namespace red', LOST],
  ];
  test.each(lost)('%s that lost its mark is in the way', async (_, damage, id, whose) => {
    await withMachine(async (m) => {
      await apply(m);
      await m.must(damage);
      const damaged = await m.snapshot();
      const { stderr } = await plan(m, 7);
      expect(stderr).toContain(`${id} ${whose}`);
      await runNetform(m, ['apply', '-', '--yes'], { input: one, code: 7 });
      expect(await m.snapshot()).toBe(damaged);
      const { stdout } = await runNetform(m, ['show', 'one', '--exit-code'], { code: 6 });
      expect(stdout).toMatch(/^ {4}foreign/m);
      await runNetform(m, ['apply', '-', '--adopt', '--yes'], { input: one });
      await plan(m, 0);
    });
  });

  test('destroy leaves what is another’s by now, and says so', async () => {
    await withMachine(async (m) => {
      await apply(m);
      await m.must('ip link set dev lan alias mine; echo {} > /etc/cni/net.d/10-mynet.conflist');
      const { stderr } = await runNetform(m, ['destroy', 'one', '--yes']);
      expect(stderr).toContain("bridge lan is left as it is: it no longer carries netform's mark");
      expect(stderr).toContain('conflist mynet is left as it is');
      await m.must('ip link show lan; grep {} /etc/cni/net.d/10-mynet.conflist; ! ip netns exec red true');
    });
  });

  test('what left the file and is another’s by now has to be let go of', async () => {
    await withMachine(async (m) => {
      await apply(m);
      await m.must('ip -n red route replace 10.9.0.0/16 via 10.1.0.13');
      const less = one.replace('    routes: [{ to: 10.9.0.0/16, via: 10.1.0.12 }]\n', '');
      const { stderr } = await runNetform(m, ['apply', '-', '--yes'], { input: less, code: 7 });
      expect(stderr).toContain('netform forget one --resource route:red/main/10.9.0.0/16');
      await runNetform(m, ['forget', 'one', '--resource', 'route:red/main/10.9.0.0/16', '--yes']);
      await runNetform(m, ['apply', '-', '--yes'], { input: less });
      expect(await m.must('ip -n red route show 10.9.0.0/16')).toContain('10.1.0.13');
    });
  });
});

describe.concurrent('forget', () => {
  test('lets go of a lab and touches nothing', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', redBlue]);
      const applied = await m.snapshot();
      const asked = await runNetform(m, ['forget', 'red-blue'], { code: 2 });
      expect(asked.stderr).toContain('--yes');
      const { stdout } = await runNetform(m, ['forget', 'red-blue', '--yes']);
      expect(stdout).toContain('stay as they are');
      expect(stdout).toContain('  bridge:host/v-net-0\n');
      expect(await m.snapshot()).toBe(applied);
      await m.must(`test ! -e ${state}`);
      expect((await runNetform(m, ['list'])).stdout).toContain('There is no lab');
      expect((await runNetform(m, ['forget', redBlue, '--yes'])).stdout).toContain('Nothing to do');
    });
  });

  test('names what it does not find', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', redBlue]);
      const { stderr } = await runNetform(m, ['forget', 'red-blue', '--resource', 'netns:rd', '--yes'], { code: 2 });
      expect(stderr).toContain('did you mean netns:red?');
      const { stdout } = await runNetform(m, ['forget', 'red-blue', '--resource', 'names:red', '--yes', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, status: 'done', ids: ['names:red'] });
    });
  });

  test('hands the settings of the machine to the labs that stay', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', 'topologies/port-forward.yaml']);
      await runNetform(m, ['apply', 'topologies/docker-bridge.yaml']);
      await runNetform(m, ['forget', 'port-forward', '--yes']);
      await runNetform(m, ['destroy', 'docker-bridge', '--yes']);
      expect(await m.must('cat /proc/sys/net/ipv4/ip_forward')).toBe('0\n');
    });
  });
});

describe.concurrent('a state that cannot be read', () => {
  test('stops its own lab only, and forget is the way out', async () => {
    await withMachine(async (m) => {
      await m.must('mkdir -m 700 -p /var/lib/netform/broken && echo nonsense > /var/lib/netform/broken/state.json');
      const forward = 'topologies/port-forward.yaml';
      const { stderr } = await runNetform(m, ['apply', forward]);
      expect(stderr).toContain('/var/lib/netform/broken/state.json cannot be used');
      expect(stderr).toContain('netform forget broken');
      expect((await runNetform(m, ['list'])).stderr).toContain('broken/state.json');
      await runNetform(m, ['destroy', 'port-forward', '--yes']);
      // Nobody knows whether the lab that cannot be read needs it.
      expect(await m.must('cat /proc/sys/net/ipv4/ip_forward')).toBe('1\n');
      expect((await runNetform(m, ['show', 'broken'], { code: 1 })).stderr).toContain('netform forget broken');
      await runNetform(m, ['forget', 'broken', '--yes']);
      expect((await runNetform(m, ['plan', forward])).stderr).toBe('');
    });
  });
});
