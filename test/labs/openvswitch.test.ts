import { describe, expect, test } from 'vitest';
import { NETFORM } from '../safety/interrupt.ts';
import { captured } from '../support/captured.ts';
import { openVswitch } from '../support/fetched-programs.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';
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

const FORWARDED = `version: 1
name: switched
bridges: { sw0: { kind: ovs, subnet: [10.3.0.0/24, "fd00:3::/64"], address: [10.3.0.254, "fd00:3::fe"] } }
namespaces:
  red: { interfaces: { eth0: { bridge: sw0 } }, publish: ["8080:80"] }
  blue: { interfaces: { eth0: { bridge: sw0 } } }
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

describe.skipIf(openVswitch.missing !== null)(`Open vSwitch (${openVswitch.missing ?? 'real'})`, () => {
  test('a private switch forwards, is started again when it was killed, and goes without a trace', () =>
    withMachine(async (m) => {
      await openVswitch.install(m);
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

  test('VLANs are kept apart, and pass by a trunk, in both families', () =>
    withMachine(async (m) => {
      await openVswitch.install(m);
      const before = await m.snapshot();
      const file = 'topologies/programs/ovs-vlans.yaml';
      const commands = await runNetform(m, ['plan', file, '--commands']);
      expect(commands.stdout).toContain('ovs-vsctl --db=unix:/run/netform/labs/ovs-vlans/left/switch/run/db.sock');
      await runNetform(m, ['apply', file]);
      const addressOf = async (netns: string, family: 4 | 6) =>
        /inet6? (\S+)\//.exec(await m.must(`ip -n ${netns} -${family} -o address show eth0 scope global`))?.[1] ?? '';
      for (const family of [4, 6] as const) {
        const [red, blue] = [await addressOf('red-2', family), await addressOf('blue-2', family)];
        expect(red).toContain(family === 4 ? '10.10.0.' : 'fd00:10::');
        expect(await pings(m, 'red-1', red)).toBe(true);
        expect(await pings(m, 'blue-1', blue)).toBe(true);
        await serving(m, { netns: 'red-2', port: 80 }, async () => {
          expect(await tcp(m, 'red-1', { to: red, port: 80 })).toMatch(/^red-2 /);
        });
      }
      // The same subnet on both sides of the wall: only the VLAN is between them.
      await m.must(
        'ip -n blue-2 address add 10.10.0.99/24 dev eth0; ip -n blue-2 address add fd00:10::99/64 dev eth0 nodad',
      );
      for (const address of ['10.10.0.99', 'fd00:10::99']) expect(await silent(m, 'red-1', address)).toBe(true);
      await m.must('ip -n blue-2 address del 10.10.0.99/24 dev eth0; ip -n blue-2 address del fd00:10::99/64 dev eth0');
      expect((await runNetform(m, ['plan', file])).stdout).toContain('Nothing to do.');
      const vsctl = 'ovs-vsctl --db=unix:/run/netform/labs/ovs-vlans/right/switch/run/db.sock';
      await m.must(`${vsctl} set Port red-2-eth0 tag=20`);
      expect((await runNetform(m, ['plan', file])).stdout).toMatch(/~ ovs-port +red-2-eth0 +tag 20 → 10/);
      await runNetform(m, ['apply', file]);
      expect(await pings(m, 'red-1', await addressOf('red-2', 4))).toBe(true);
      await runNetform(m, ['destroy', file, '--yes']);
      await expectNothingLeft(m, before);
    }));

  test('a port forward reaches a port of the switch from its own LAN and from itself, in both families', () =>
    withMachine(async (m) => {
      await openVswitch.install(m);
      await apply(m, FORWARDED);
      await serving(m, { netns: 'red', port: 80 }, async () => {
        for (const [from, to, port] of [
          ['blue', '10.3.0.254', 8080],
          ['red', '10.3.0.254', 8080],
          ['blue', 'fd00:3::fe', 8080],
          ['red', 'fd00:3::fe', 8080],
          ['host', '127.0.0.1', 8080],
        ] as const)
          expect(await tcp(m, from, { to, port }), `${from} to ${to}`).toMatch(/^red /);
        expect(await tcp(m, 'blue', { to: '10.3.0.254', port: 8081, patienceMs: 1000 })).toBe('');
      });
      expect((await plan(m, FORWARDED)).stdout).toContain('Nothing to do.');
    }));

  test('import names the bridges of the lab, and of a switch of the machine, and takes none for a tap', () =>
    withMachine(async (m) => {
      await openVswitch.install(m);
      await runNetform(m, ['apply', 'topologies/programs/ovs-vlans.yaml']);
      await m.must(`mkdir -p /run/openvswitch && cd /run/openvswitch
        ovsdb-tool create conf.db /usr/share/openvswitch/vswitch.ovsschema
        ovsdb-server conf.db --remote=punix:/run/openvswitch/db.sock --pidfile=/run/openvswitch/ovsdb.pid --detach --no-chdir
        ovs-vsctl --db=unix:/run/openvswitch/db.sock --no-wait add-br br-ex -- add-port br-ex eth7`);
      const { stdout, stderr } = await runNetform(m, ['import', 'live']);
      await m.must('kill $(cat /run/openvswitch/ovsdb.pid)');
      expect(stderr).toContain(
        'left out: bridge sw1 of left: of the Open vSwitch of the lab ovs-vlans, with the ports blue-1-eth0, red-1-eth0, up\n',
      );
      expect(stderr).toContain(
        'left out: bridge br-ex of the machine: of the Open vSwitch of the machine, with the ports eth7\n',
      );
      expect(stdout).not.toContain('tap');
      await runNetform(m, ['destroy', 'ovs-vlans', '--yes']);
    }));

  test('a flow drops what it says and a mirror copies what it says, in both families; both are drift when changed', () =>
    withMachine(async (m) => {
      await openVswitch.install(m);
      const before = await m.snapshot();
      const file = 'topologies/programs/ovs-flows.yaml';
      expect((await runNetform(m, ['plan', file, '--commands'])).stdout).toMatch(
        /ovs-ofctl --bundle add-flows unix:\S+ -/,
      );
      await runNetform(m, ['apply', file]);
      const web = ['10.1.0.3', 'fd00:1::3'];
      const passes = async (from: string, port: number, to: string) =>
        (await tcp(m, from, { to, port, patienceMs: from === 'red' ? 8000 : 1500 })).startsWith('web ');
      for (const to of web) {
        expect(await pings(m, 'blue', to)).toBe(true);
        await serving(m, { netns: 'web', port: 80 }, async () => {
          expect(await passes('red', 80, to), `red to ${to}`).toBe(true);
          expect(await passes('blue', 80, to), `blue to ${to}`).toBe(false);
        });
        await serving(m, { netns: 'web', port: 81 }, async () => expect(await passes('blue', 81, to)).toBe(true));
        const seen = await captured(m, { netns: 'probe', dev: 'eth0' }, async () => {
          await pings(m, 'red', to);
          await pings(m, 'blue', to);
        });
        expect(seen).toMatch(to.includes(':') ? /fd00:1::1 > fd00:1::3/ : /10\.1\.0\.1 > 10\.1\.0\.3/);
        expect(seen).not.toMatch(to.includes(':') ? /fd00:1::2 > fd00:1::3/ : /10\.1\.0\.2 > 10\.1\.0\.3/);
      }
      expect((await plan(m, await m.must(`cat ${repository}${file}`))).stdout).toContain('Nothing to do.');

      const folder = '/run/netform/labs/ovs-flows/host/switch/run';
      await m.must(`ovs-ofctl add-flow unix:${folder}/sw1.mgmt ip,actions=drop
        ovs-ofctl del-flows unix:${folder}/sw1.mgmt tcp6
        ovs-vsctl --db=unix:${folder}/db.sock set mirror watch select_all=true`);
      expect(await silent(m, 'red', '10.1.0.3')).toBe(true);
      const changed = await runNetform(m, ['plan', file]);
      expect(changed.stdout).toMatch(
        /~ flow +sw1 +lacks \S*tcp6,in_port="blue-eth0",tp_dst=80 actions=drop, changed by hand/,
      );
      expect(changed.stdout).toMatch(/~ flow +sw1 +has ip actions=drop, changed by hand/);
      expect(changed.stdout).toMatch(/~ mirror +watch +of all ports.* → of red-eth0, to probe-eth0, changed by hand/);
      await runNetform(m, ['apply', file]);
      expect(await pings(m, 'red', '10.1.0.3')).toBe(true);

      // Flows are none of the database: they end with the switch, and are there again with it.
      await m.must('kill -9 $(cat /run/netform/labs/ovs-flows/.processes/host.ovs-vswitchd/pid); sleep 0.2');
      await runNetform(m, ['apply', file]);
      await serving(m, { netns: 'web', port: 80 }, async () =>
        expect(await passes('blue', 80, web[0] ?? '')).toBe(false),
      );
      const without = (await m.must(`sed '/ flows:$/d; /actions=/d; /mirrors:/d' ${repository}${file}`)).trim();
      expect((await plan(m, without)).stdout).toMatch(/- mirror +watch/);
      await apply(m, without);
      await serving(m, { netns: 'web', port: 80 }, async () =>
        expect(await passes('blue', 80, web[0] ?? '')).toBe(true),
      );
      expect(await m.must(`ovs-ofctl --no-stats dump-flows unix:${folder}/sw1.mgmt`)).toBe(
        ' priority=0 actions=NORMAL\n',
      );
      await runNetform(m, ['destroy', 'ovs-flows', '--yes']);
      await expectNothingLeft(m, before);
    }));

  test('a lab that has lost its record is recorded again as a whole, or removed with its programs', () =>
    withMachine(async (m) => {
      await openVswitch.install(m);
      const before = await m.snapshot();
      const file = 'topologies/programs/ovs-flows.yaml';
      for (const words of [
        ['apply', file, '--adopt'],
        ['recover', '--orphans', file],
        ['recover', '--orphans'],
      ]) {
        await runNetform(m, ['apply', file]);
        await m.must('rm -r /var/lib/netform/ovs-flows');
        await runNetform(m, ['plan', file], { code: 7 });
        await runNetform(m, [...words, '--yes']);
        if (words.includes(file)) {
          expect((await runNetform(m, ['plan', file])).stdout).toContain('Nothing to do.');
          await runNetform(m, ['destroy', 'ovs-flows', '--yes']);
        }
        await expectNothingLeft(m, before);
      }
    }));

  test('a flow that the program refuses is an error of the plan', () =>
    withMachine(async (m) => {
      await openVswitch.install(m);
      const flows = [
        'in_port="sw:sw1",foo=1,actions=drop',
        'nw_src=10.1.0.1,actions=drop',
        'ip,nw_src=10.1.0.1,actions=drop',
      ];
      const lab = LAB.replace(
        'kind: ovs, subnet: [10.1',
        () => `kind: ovs, flows: ${JSON.stringify(flows)}, subnet: [10.1`,
      );
      const { stderr } = await runNetform(m, ['plan', '-'], { input: lab, code: 3 });
      expect(stderr.match(/.*NF3025.*/g)?.map((line) => line.replace(/^\S+ /, ''))).toEqual([
        'unknown keyword foo [NF3025]',
        'nw_src=10.1.0.1 would be passed over [NF3025]',
      ]);
    }));

  test('whenever apply is killed, rollback leaves no process, link, file or folder', () =>
    withMachine(async (m) => {
      await openVswitch.install(m);
      await m.sh('cat >/run/lab.yaml', { input: LAB });
      const before = await m.snapshot();
      const journal = '/var/lib/netform/switched/journal';
      let interrupted = 0;
      // After so many records: the last is written when all is done.
      for (const records of [1, 3, 4, 5, 6, 7, 8, 10]) {
        await m.sh(`${NETFORM} apply /run/lab.yaml </dev/null >/dev/null 2>&1 & pid=$!
          while kill -0 $pid 2>/dev/null && [ "$(cat ${journal} 2>/dev/null | wc -l)" -lt ${records} ]; do sleep 0.002; done
          kill -9 $pid; wait $pid`);
        interrupted += Number((await m.sh(`test -e ${journal}`)).code === 0);
        await runNetform(m, ['rollback']);
        const left = await runNetform(m, ['list', '--json']);
        if (JSON.parse(left.stdout).labs?.length > 0) await runNetform(m, ['destroy', 'switched', '--yes']);
        await expectNothingLeft(m, before);
      }
      expect(interrupted).toBeGreaterThan(4);
    }));
});
