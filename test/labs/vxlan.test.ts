import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

/** One overlay between the host and a node, which has a pod on it. */
const topology = `version: 1
name: overlay
bridges:
  underlay: { subnet: 192.168.1.0/24, address: 192.168.1.1 }
host:
  forwarding: false
  interfaces:
    vx0: { vxlan: { id: 42, remote: node }, address: 10.42.0.1/24 }
namespaces:
  node:
    interfaces:
      eth0: { bridge: underlay }
      vx0: { vxlan: { id: 42, remote: host }, bridge: br0 }
    bridges: { br0: {} }
  pod:
    interfaces: { eth0: { bridge: "node:br0", address: 10.42.0.11/24 } }
dns:
  names: false
`;

test('an overlay is changed, healed and taken away like everything else', async () => {
  await withMachine(async (m) => {
    const input = topology;
    const before = await m.snapshot();
    await runNetform(m, ['apply', '-'], { input });
    const applied = await m.snapshot();
    expect(await pings(m, 'host', '10.42.0.11')).toBe(true);

    const other = { input: topology.replace('id: 42, remote: host', 'id: 43, remote: host') };
    const plan = JSON.parse((await runNetform(m, ['plan', '-', '--json'], other)).stdout);
    const operations: readonly { id: string; actions: readonly string[] }[] = plan.operations;
    expect(operations.map(({ id, actions }) => [id, actions])).toEqual([['vxlan:node/vx0', ['delete', 'create']]]);
    await runNetform(m, ['apply', '-', '--yes'], other);
    expect(await silent(m, 'host', '10.42.0.11')).toBe(true);

    const wider = { input: topology.replace('address: 192.168.1.1 }', 'address: 192.168.1.1, mtu: 9000 }') };
    await runNetform(m, ['apply', '-', '--yes'], wider);
    expect(await m.must('ip -n node link show vx0')).toMatch(/ mtu 8950 .* master br0 /);
    expect((await m.sh('ping -n -c1 -W4 -M do -s 8922 10.42.0.11')).stdout).toMatch(/ 0% packet loss/);
    await runNetform(m, ['apply', '-', '--yes'], { input });
    expect(await m.snapshot(), 'changed back, all is as at first').toBe(applied);

    // The kernel takes a vxlan away with the device that it sends through.
    await m.must('ip -n node link delete eth0 && ip link set vx0 type vxlan nolearning');
    const { stdout } = await runNetform(m, ['plan', '-', '--exit-code'], { input, code: 10 });
    expect(stdout).toMatch(
      /± vxlan +vx0 +its settings were changed: replaced[\s\S]*\+ vxlan +vx0 .* was removed by hand/,
    );
    await runNetform(m, ['apply', '-', '--yes'], { input });
    expect(await m.snapshot(), 'healed').toBe(applied);
    expect(await pings(m, 'pod', '10.42.0.1')).toBe(true);

    await runNetform(m, ['destroy', 'overlay', '--yes']);
    expect(await m.snapshot(), 'as before').toBe(before);
  });
});

/** Three nodes with one overlay; node-1 sends to both others. */
const three = `version: 1
name: three
bridges: { underlay: { subnet: 192.168.1.0/24, gateway: none } }
namespaces:
  node-1:
    interfaces:
      eth0: { bridge: underlay, address: 192.168.1.11 }
      vx0: { vxlan: { id: 42, remote: [node-2, node-3] }, address: 10.42.0.1/24 }
  node-2:
    interfaces:
      eth0: { bridge: underlay, address: 192.168.1.12 }
      vx0: { vxlan: { id: 42, remote: node-1 }, address: 10.42.0.2/24 }
  node-3:
    interfaces:
      eth0: { bridge: underlay, address: 192.168.1.13 }
      vx0: { vxlan: { id: 42, remote: node-1 }, address: 10.42.0.3/24 }
dns:
  names: false
`;

test('the remotes of one vxlan are changed in place, healed, pruned, imported, adopted and given back', async () => {
  await withMachine(async (m) => {
    const input = three;
    const entries = async () => (await m.must('bridge -n node-1 fdb show dev vx0 | grep ^00:00 | sort')).trim();
    await runNetform(m, ['apply', '-'], { input });
    const [applied, table] = [await m.snapshot(), await entries()];
    expect(table.split('\n')).toHaveLength(2);
    expect(await pings(m, 'node-1', '10.42.0.3')).toBe(true);

    const two = { input: three.replace('[node-2, node-3]', 'node-2') };
    const plan = JSON.parse((await runNetform(m, ['plan', '-', '--json'], two)).stdout);
    expect(plan.operations.map(({ id, actions }: { id: string; actions: unknown }) => [id, actions])).toEqual([
      ['fdb:node-1/vx0/192.168.1.13', ['delete']],
    ]);
    await runNetform(m, ['apply', '-', '--yes'], two);
    expect((await entries()).split('\n')).toHaveLength(1);
    await runNetform(m, ['apply', '-', '--yes'], { input });
    expect(await entries()).toBe(table);

    await m.must('bridge -n node-1 fdb del 00:00:00:00:00:00 dev vx0 dst 192.168.1.13 via eth0');
    await m.must('bridge -n node-1 fdb append 00:00:00:00:00:00 dev vx0 dst 192.168.1.99');
    const { stdout } = await runNetform(m, ['plan', '-', '--prune', '--exit-code'], { input, code: 10 });
    expect(stdout).toMatch(/\+ fdb +vx0 +also to 192\.168\.1\.13 through eth0, was removed by hand/);
    expect(stdout).toMatch(/- fdb +vx0 +also to 192\.168\.1\.99, unmanaged/);
    await runNetform(m, ['apply', '-', '--prune', '--yes'], { input });
    expect(await entries()).toBe(table);
    expect(await m.snapshot(), 'healed').toBe(applied);

    const imported = (await runNetform(m, ['import', 'live', '--name', 'copy'])).stdout;
    expect(imported).toMatch(/remote:\s*(?:\[\s*)?(?:-\s*)?192\.168\.1\.12[\s,-]+192\.168\.1\.13/);
    await runNetform(m, ['forget', 'three', '--yes']);
    const foreign = [await m.snapshot(), await entries()];
    await runNetform(m, ['apply', '-', '--adopt', '--yes'], { input: imported });
    expect((await runNetform(m, ['plan', '-'], { input: imported })).stdout).toMatch(/Nothing to do/);
    await runNetform(m, ['destroy', 'copy', '--yes']);
    expect([await m.snapshot(), await entries()], 'as before it was adopted').toEqual(foreign);
  });
});

/** By hand: two in one multicast group, which find each other. */
const GROUP_BY_HAND = `set -e
for n in a b; do ip netns add $n; ip -n $n link set lo up; done
ip link add br0 type bridge; ip link set br0 up
for n in a b; do
  ip link add p-$n type veth peer name eth0 netns $n; ip link set p-$n master br0 up; ip -n $n link set eth0 up
done
ip -n a addr add 192.168.1.11/24 dev eth0; ip -n b addr add 192.168.1.12/24 dev eth0
ip -n a link add vx0 address 02:00:00:00:00:0a type vxlan id 42 dstport 4789 group 239.1.1.42 dev eth0
ip -n b link add vx0 address 02:00:00:00:00:0b type vxlan id 42 dstport 4789 group 239.1.1.42 dev eth0
for n in a b; do ip -n $n link set vx0 up; done
ip -n a addr add 10.42.0.1/24 dev vx0; ip -n b addr add 10.42.0.2/24 dev vx0`;

test('a vxlan in a multicast group is imported, adopted, replaced with another group, and given back as it was', async () => {
  await withMachine(async (m) => {
    await m.must(GROUP_BY_HAND);
    const before = await m.snapshot();
    const { stdout: input, stderr } = await runNetform(m, ['import', 'live', '--name', 'lab']);
    expect(input).toContain('vxlan: { id: 42, group: 239.1.1.42, dev: eth0 }');
    expect(stderr).not.toContain('vx0');
    const copied = await runNetform(m, ['import', 'script', '-'], { input: GROUP_BY_HAND });
    expect(copied.stdout).toContain('vxlan: { id: 42, group: 239.1.1.42, dev: eth0 }');

    await runNetform(m, ['apply', '-', '--adopt'], { input });
    expect((await runNetform(m, ['plan', '-', '--prune'], { input })).stdout).toMatch(/Nothing to do/);
    const other = { input: input.replace('group: 239.1.1.42', 'group: 239.1.1.43') };
    const { stdout } = await runNetform(m, ['plan', '-', '--exit-code'], { ...other, code: 10 });
    expect(stdout).toMatch(/± vxlan +vx0 +group is immutable: replaced/);
    await runNetform(m, ['destroy', 'lab', '--yes']);
    expect(await m.snapshot(), 'as before it was adopted').toBe(before);
    expect(await pings(m, 'a', '10.42.0.2')).toBe(true);
  });
});

/** By hand: one with two remotes of which the second names no link, one whose remotes are entries alone, one without any. */
const BY_HAND = `set -e
for n in a b c; do ip netns add $n; ip -n $n link set lo up; done
ip link add br0 type bridge; ip link set br0 up
for n in a b c; do
  ip link add p-$n type veth peer name eth0 netns $n; ip link set p-$n master br0 up; ip -n $n link set eth0 up
done
ip -n a addr add 192.168.1.11/24 dev eth0; ip -n b addr add 192.168.1.12/24 dev eth0; ip -n c addr add 192.168.1.13/24 dev eth0
ip -n a link add vx0 address 02:00:00:00:00:0a type vxlan id 42 dstport 4789 remote 192.168.1.12 dev eth0
bridge -n a fdb append 00:00:00:00:00:00 dev vx0 dst 192.168.1.13
bridge -n a fdb append 02:00:00:00:00:77 dev vx0 dst 192.168.1.13
ip -n b link add vx0 address 02:00:00:00:00:0b type vxlan id 42 dstport 4789
bridge -n b fdb append 00:00:00:00:00:00 dev vx0 dst 192.168.1.11
ip -n c link add vx0 address 02:00:00:00:00:0c type vxlan id 42 dstport 4789
for n in a b c; do ip -n $n link set vx0 up; done
ip -n a addr add 10.42.0.1/24 dev vx0; ip -n b addr add 10.42.0.2/24 dev vx0; ip -n c addr add 10.42.0.3/24 dev vx0`;

test('a vxlan with several remotes is imported as a list and given back as it was; one without a remote is listed', async () => {
  await withMachine(async (m) => {
    const tables = async () =>
      m.must(
        'for n in a b c; do bridge -n $n fdb show dev vx0 | grep permanent | sort; done; ip -n a -d link show vx0',
      );
    await m.must(BY_HAND);
    const before = [await m.snapshot(), await tables()];
    const { stdout: input, stderr } = await runNetform(m, ['import', 'live', '--name', 'lab']);
    expect(input).toContain('vxlan: { id: 42, remote: [192.168.1.12, 192.168.1.13], dev: eth0 }');
    for (const line of [
      'link vx0 of a: fdb 02:00:00:00:00:77',
      'link vx0 (10.42.0.2/24) of b: a vxlan with neither remote nor group, which a topology does not have',
      'link vx0 (10.42.0.3/24) of c: a vxlan with neither remote nor group, which a topology does not have',
    ])
      expect(stderr).toContain(line);
    await runNetform(m, ['apply', '-', '--adopt'], { input });
    expect((await runNetform(m, ['plan', '-'], { input })).stdout).toContain('Nothing to do');
    await runNetform(m, ['destroy', 'lab', '--yes']);
    expect([await m.snapshot(), await tables()], 'as before it was adopted').toEqual(before);

    const copied = await runNetform(m, ['import', 'script', '-'], { input: BY_HAND });
    expect(copied.stdout).toContain('remote: [192.168.1.12, 192.168.1.13]');
    expect(copied.stderr).toContain('link vx0 (10.42.0.3/24) of c: a vxlan');
  });
});
