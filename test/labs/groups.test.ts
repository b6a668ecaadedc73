import { expect, test } from 'vitest';
import { captured } from '../support/captured.ts';
import { type Machine, withMachine } from '../support/machine.ts';
import { runNetform } from './run-netform.ts';

const LAB = `version: 1
name: groups
bridges:
  lan:
    subnet: [10.1.0.0/24, "fd00:1::/64"]
    address: [10.1.0.254, "fd00:1::fe"]
    mdb:
      - { group: 239.1.1.1, port: "blue:eth0" }
      - { group: ff05::5, port: "blue:eth0" }
      - { group: "01:00:5e:01:01:09", port: "blue:eth0" }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 239.0.0.0/8, dev: eth0 }] }
  blue: { interfaces: { eth0: { bridge: lan } } }
  green: { interfaces: { eth0: { bridge: lan } } }
`;

/** Whether frames of red for a group arrive at an interface that has not asked for them. */
async function arrives(m: Machine, netns: string, group: string): Promise<boolean> {
  const filter = ['dst', 'host', group];
  const seen = await captured(m, { netns, dev: 'eth0', filter }, () =>
    m.sh(`ip netns exec red ping -n -c2 -i0.2 -W1 ${group}`),
  );
  return seen.includes(`> ${group}`);
}

test('frames of a group reach the port that is written, and no other, in both families', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    const input = LAB;
    expect((await runNetform(m, ['plan', '-', '--commands'], { input })).stdout).toContain(
      'bridge mdb add dev lan port blue-eth0 grp ff05::5 permanent',
    );
    await runNetform(m, ['apply', '-'], { input });
    expect((await runNetform(m, ['plan', '-'], { input })).stdout).toContain('Nothing to do.');
    // A bridge goes by its tables of IP groups as soon as there is a querier.
    await m.must(`ip link set lan type bridge mcast_query_response_interval 10
      ip link set lan type bridge mcast_querier 1; sleep 1`);
    for (const group of ['239.1.1.1', 'ff05::5']) {
      const [blue, green] = await Promise.all([arrives(m, 'blue', group), arrives(m, 'green', group)]);
      expect([blue, green], group).toEqual([true, false]);
    }
    await m.must(
      'bridge mdb del dev lan port blue-eth0 grp ff05::5; bridge mdb add dev lan port green-eth0 grp 239.1.1.1',
    );
    const changed = (await runNetform(m, ['plan', '-'], { input })).stdout;
    expect(changed).toMatch(/\+ mdb +ff05::5 +to the port blue-eth0, was removed by hand/);
    await runNetform(m, ['apply', '-'], { input });
    expect(await arrives(m, 'blue', 'ff05::5')).toBe(true);
    const other = input.replace(
      '- { group: 239.1.1.1, port: "blue:eth0" }',
      '- { group: 239.1.1.1, port: "red:eth0" }',
    );
    expect((await runNetform(m, ['plan', '-'], { input: other })).stdout).toMatch(
      /- mdb +239.1.1.1 +to the port blue-eth0/,
    );
    await runNetform(m, ['apply', '-'], { input: other });
    expect(await m.must('bridge mdb')).not.toContain('port blue-eth0 grp 239.1.1.1');
    await runNetform(m, ['destroy', 'groups', '--yes']);
    expect(await m.snapshot()).toBe(before);
  }));

test('entries of a bridge that was there stay when the lab goes', () =>
  withMachine(async (m) => {
    await m.must(`ip link add br9 type bridge; ip link add t0 type veth peer name t1; ip link set t0 master br9
      ip link set br9 up; ip link set t0 up; ip link set t1 up
      bridge mdb add dev br9 port t0 grp 239.2.2.2 permanent; bridge mdb add dev br9 port t0 grp 239.2.2.3 permanent`);
    const text = await m.must('bridge mdb | grep permanent');
    const input = `version: 1
name: adopted
bridges: { br9: { mdb: [{ group: 239.2.2.2, port: "red:eth0" }] } }
namespaces: { red: { interfaces: { eth0: { bridge: br9 } } } }
`;
    await runNetform(m, ['apply', '-', '--adopt', '--yes'], { input });
    expect(await m.must('bridge mdb | grep -c permanent')).toBe('3\n');
    await runNetform(m, ['destroy', 'adopted', '--yes']);
    expect(await m.must('bridge mdb | grep permanent')).toBe(text);
  }));
