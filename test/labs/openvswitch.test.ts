import { describe, expect, test } from 'vitest';
import { type Machine, withMachine } from '../support/machine.ts';
import { installOpenVswitch, noOpenVswitch } from '../support/openvswitch.ts';
import { pings, serving, silent, tcp } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const LAB = `version: 1
name: switched
host: { forwarding: false }
bridges: { sw0: { kind: ovs, subnet: 10.2.0.0/24, address: 10.2.0.254 } }
namespaces:
  sw: { bridges: { sw1: { kind: ovs, subnet: [10.1.0.0/24, "fd00:1::/64"], address: [10.1.0.254, "fd00:1::fe"] } } }
  red: { interfaces: { eth0: { bridge: "sw:sw1" } } }
  blue: { interfaces: { eth0: { bridge: "sw:sw1" } } }
  green: { interfaces: { eth0: { bridge: sw0 } } }
`;

const apply = (m: Machine, input = LAB) => runNetform(m, ['apply', '-', '--yes'], { input });
const plan = (m: Machine, input = LAB) => runNetform(m, ['plan', '-'], { input });
const pidOf = async (m: Machine, process: string) =>
  (await m.must(`cat /run/netform/labs/switched/.processes/${process}/pid`)).trim();

/** What a lab with processes leaves when it is gone: nothing. */
async function expectNothingLeft(m: Machine, before: string): Promise<void> {
  expect(await m.snapshot()).toBe(before);
  expect(await m.must('ls -A /run/netform')).toBe('lock\n');
  expect(await m.must('pgrep -l ovs || true')).toBe('');
  expect(await m.must('ls -A /var/lib/netform')).toBe('');
  const group = "$(sed -n 's/^\\([^ ]* \\)\\{4\\}\\([^ ]*\\) .* - cgroup2 .*/\\2/p' /proc/self/mountinfo | tail -n 1)";
  expect(await m.must(`test -z "${group}" || find "${group}" -name 'netform-????????????????'`)).toBe('');
}

test('a missing program is an error of the plan that names the package', () =>
  withMachine(async (m) => {
    const planned = await runNetform(m, ['plan', '-'], { input: LAB, code: 3 });
    expect(planned.stderr).toContain('ovsdb-server is needed here, and is not installed');
    expect(planned.stderr).toContain('apt-get install openvswitch-switch');
  }));

describe.skipIf(noOpenVswitch !== null)(`Open vSwitch (${noOpenVswitch ?? 'real'})`, () => {
  test('a private switch forwards, is started again when it was killed, and goes without a trace', () =>
    withMachine(async (m) => {
      await installOpenVswitch(m);
      const before = await m.snapshot();
      await apply(m);
      const applied = await m.snapshot();
      for (const [from, to] of [
        ['red', '10.1.0.2'],
        ['red', 'fd00:1::2'],
        ['blue', '10.1.0.254'],
        ['host', '10.2.0.1'],
      ])
        expect(await pings(m, from ?? '', to ?? ''), `${from} to ${to}`).toBe(true);
      expect(await silent(m, 'red', '10.2.0.1')).toBe(true);
      for (const address of ['10.1.0.2', 'fd00:1::2'])
        await serving(m, { netns: 'blue', port: 80 }, async () => {
          expect(await tcp(m, 'red', { to: address, port: 80 })).toMatch(/^blue /);
        });
      expect((await plan(m)).stdout).toContain('Nothing to do.');
      expect((await runNetform(m, ['show', 'switched'])).stdout).toMatch(
        /process +ovs-vswitchd +running, process \d+, \d+ s/,
      );

      await m.must(`kill -9 ${await pidOf(m, 'sw.ovs-vswitchd')}; sleep 0.2`);
      expect(await silent(m, 'red', '10.1.0.2')).toBe(true);
      expect((await plan(m)).stdout).toMatch(/± process +ovs-vswitchd +has ended: started again/);
      await apply(m);
      expect(await pings(m, 'red', '10.1.0.2')).toBe(true);

      await m.must('ip netns exec blue ethtool -K eth0 tx on 2>/dev/null || true');
      await m.must('ovs-vsctl --db=unix:/run/netform/labs/switched/sw/switch/run/db.sock del-port blue-eth0');
      expect((await plan(m)).stdout).toMatch(/\+ ovs-port +blue-eth0/);
      await apply(m);
      expect(await pings(m, 'red', '10.1.0.2')).toBe(true);
      expect(await m.snapshot()).toBe(applied);

      // The database too: all rows are gone from sight, and are there again.
      await m.must(`kill -9 ${await pidOf(m, 'host.ovsdb-server')} ${await pidOf(m, 'host.ovs-vswitchd')}; sleep 0.2`);
      await apply(m);
      expect(await pings(m, 'host', '10.2.0.1')).toBe(true);
      await m.must(`kill -9 ${await pidOf(m, 'host.ovsdb-server')} ${await pidOf(m, 'host.ovs-vswitchd')}; sleep 0.2`);
      await runNetform(m, ['destroy', 'switched', '--yes']);
      await expectNothingLeft(m, before);
    }));
});
