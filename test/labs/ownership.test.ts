import { describe, expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { createForeignObjects } from './foreign-objects.ts';
import { runNetform } from './run-netform.ts';

const redBlue = 'topologies/red-blue.yaml';
const portForward = 'topologies/port-forward.yaml';

describe.concurrent('what is not of the lab is left alone', () => {
  const foreign: readonly (readonly [string, string, RegExp, string])[] = [
    ['a namespace', 'ip netns add red', /red/, '--adopt'],
    ['a bridge', 'ip link add name v-net-0 type bridge', /v-net-0/, '--adopt'],
    ['a link', 'ip link add name veth-red-br type veth peer name other', /veth-red-br/, 'too different'],
    ['a dead file in /run/netns', 'mkdir -p /run/netns && touch /run/netns/blue', /blue/, 'ip netns del blue'],
  ];
  test.each(foreign)('%s of the same name: exit 7, nothing is changed', async (_, make, name, remedy) => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      await m.must(make);
      const before = await m.snapshot();
      for (const verb of ['plan', 'apply']) {
        const { stdout, stderr } = await runNetform(m, [verb, redBlue], { code: 7 });
        expect(stdout + stderr).toMatch(name);
        expect(stdout + stderr).toContain(remedy);
      }
      expect(await m.snapshot()).toBe(before);
    });
  });

  test("the forwarding of a foreign device outlives the machine's", async () => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      await m.must(`echo 1 >/proc/sys/net/ipv4/conf/ext0/forwarding
        echo 1 >/proc/sys/net/ipv6/conf/ext0/forwarding
        echo 0 >/proc/sys/net/ipv4/conf/ext0/accept_redirects`);
      const before = await m.snapshot();
      await runNetform(m, ['apply', 'topologies/dual-stack/port-forward.yaml']);
      expect(await m.must('cat /proc/sys/net/ipv4/ip_forward')).toBe('1\n');
      await runNetform(m, ['destroy', 'port-forward-dual', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('a sysctl that someone changed meanwhile is theirs', async () => {
    await withMachine(async (m) => {
      await m.must('echo 1 >/proc/sys/net/ipv4/ip_forward');
      const before = await m.snapshot();
      await runNetform(m, ['apply', portForward]);
      await runNetform(m, ['destroy', 'port-forward', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test.each([
    ['that were not there go', 'true'],
    ['that were there stay', 'mkdir -p /etc/cni/net.d /etc/netns/pod-1'],
  ])('folders %s', async (_, make) => {
    await withMachine(async (m) => {
      await m.must(make);
      const before = await m.snapshot();
      await runNetform(m, ['apply', 'topologies/cni.yaml']);
      await runNetform(m, ['destroy', 'cni', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('two labs side by side: the forwarding that both need stays until the last one goes', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      await runNetform(m, ['apply', portForward]);
      const alone = await m.snapshot();
      await runNetform(m, ['apply', 'topologies/docker-bridge.yaml']);
      await runNetform(m, ['plan', portForward, '--exit-code']);
      await runNetform(m, ['destroy', 'docker-bridge', '--yes']);
      expect(await m.snapshot()).toBe(alone);
      await runNetform(m, ['apply', 'topologies/docker-bridge.yaml']);
      await runNetform(m, ['destroy', 'port-forward', '--yes']);
      expect(await m.must('cat /proc/sys/net/ipv4/ip_forward')).toBe('1\n');
      await runNetform(m, ['destroy', 'docker-bridge', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });
});

describe.concurrent('a lab that someone worked on by hand', () => {
  const damages: readonly (readonly [string, string])[] = [
    ['a namespace', 'ip netns del red'],
    ['the bridge', 'ip link del dev v-net-0'],
    ['a cable', 'ip -n blue link del dev veth-blue'],
    ['an address', 'ip -n red address del 192.168.15.1/24 dev veth-red'],
    ['the name files', 'rm -r /etc/netns/red'],
    [
      'everything',
      'ip netns del red; ip netns del blue; ip link del dev v-net-0; rm -rf /etc/netns/red /etc/netns/blue',
    ],
  ];
  test.each(damages)('destroy works when %s was removed', async (_, damage) => {
    await withMachine(async (m) => {
      await createForeignObjects(m);
      const before = await m.snapshot();
      await runNetform(m, ['apply', redBlue]);
      await m.must(`${damage}; sleep 0.2`);
      await runNetform(m, ['destroy', 'red-blue', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test.each(damages)('apply mends it when %s was removed', async (_, damage) => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', redBlue]);
      const applied = await m.snapshot();
      await m.must(`${damage}; sleep 0.2`);
      await runNetform(m, ['apply', redBlue, '--yes']);
      expect(await m.snapshot()).toBe(applied);
    });
  });

  test('destroy goes by the state, not by the edited file', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      await m.must(`cp ${redBlue} /run/lab.yaml`);
      await runNetform(m, ['apply', '/run/lab.yaml']);
      await m.must(`sed -i 's/red:/rot:/' /run/lab.yaml`);
      await runNetform(m, ['destroy', '/run/lab.yaml', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('what is removed from the file is removed from the machine', async () => {
    await withMachine(async (m) => {
      const whole = await m.must(`cat ${redBlue}`);
      const onlyRed = whole.replace(/ {2}blue:\n(?: {4,}.*\n)+/, '');
      expect(onlyRed).not.toBe(whole);
      await runNetform(m, ['apply', '-'], { input: onlyRed });
      const small = await m.snapshot();
      await runNetform(m, ['apply', '-'], { input: whole });
      await runNetform(m, ['apply', '-', '--yes'], { input: onlyRed });
      expect(await m.snapshot()).toBe(small);
    });
  });
});
