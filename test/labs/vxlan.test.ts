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
