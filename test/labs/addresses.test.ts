import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pings, serving, udp } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const lab = (red: string): string => `version: 1
name: several
bridges: { lan: { subnet: [10.1.0.0/24, "fd00:1::/64"], address: [10.1.0.1, "fd00:1::1"] } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: [${red}] } } }
dns: { names: false }
`;

test('packets leave with the address that is written first, and the second one stays when the first goes', async () => {
  await withMachine(async (m) => {
    const sources = async () => [
      await udp(m, 'red', { to: '10.1.0.1', port: 53 }),
      await udp(m, 'red', { to: 'fd00:1::1', port: 53 }),
    ];
    await runNetform(m, ['apply', '-'], { input: lab('10.1.0.30, 10.1.0.20, "fd00:1::30", "fd00:1::20"') });
    await serving(m, { netns: 'host', port: 53 }, async () => {
      expect(await sources()).toEqual(['host 10.1.0.30', 'host fd00:1::30']);
      const other = { input: lab('10.1.0.20, "fd00:1::20", "fd00:1::30", 10.1.0.30') };
      await runNetform(m, ['plan', '-', '--exit-code'], other);
      await runNetform(m, ['apply', '-'], { input: lab('10.1.0.20, "fd00:1::20"') });
      expect(await sources()).toEqual(['host 10.1.0.20', 'host fd00:1::20']);
    });
  });
});

test("addresses on the machine's own link go without those that others put behind them", async () => {
  await withMachine(async (m) => {
    await m.must('ip link add nic type veth peer name far && ip link set nic up && ip link set far up');
    await m.must('sysctl -qw net.ipv4.conf.all.promote_secondaries=0 net.ipv4.conf.nic.promote_secondaries=0');
    const before = await m.snapshot();
    const input = `version: 1
name: several
host: { interfaces: { nic: { existing: true, address: [10.9.0.1/24, 10.9.0.2/24] } } }
`;
    await runNetform(m, ['apply', '-'], { input });
    await m.must('ip address add 10.9.0.7/24 dev nic');
    expect(await m.must('ip -4 -o address show dev nic')).toMatch(/0\.7\/24 scope global secondary/);

    await runNetform(m, ['apply', '-'], { input: input.replace('10.9.0.1/24, ', '') });
    expect(await m.must('ip -4 -o address show dev nic')).toMatch(/0\.2\/24[\s\S]*0\.7\/24/);
    await runNetform(m, ['destroy', 'several', '--yes']);
    expect(await pings(m, 'host', '10.9.0.7')).toBe(true);
    await m.must('ip address delete 10.9.0.7/24 dev nic');
    expect(await m.snapshot(), 'as before, its sysctl too').toBe(before);
  });
});

test('a next hop is not found by an address of the lab that goes in the same apply', async () => {
  await withMachine(async (m) => {
    await m.must('ip link add nic type veth peer name far && ip link set nic up && ip link set far up');
    const before = await m.snapshot();
    const input = `version: 1
name: leaving
host: { interfaces: { nic: { existing: true, address: 10.9.0.1/24 } } }
routes: [{ to: 10.20.0.0/16, via: 10.9.0.9 }]
`;
    await runNetform(m, ['apply', '-'], { input });
    const without = input.replace(/^host: .*\n/m, '');
    const planned = await runNetform(m, ['plan', '-'], { input: without, code: 3 });
    expect(planned.stderr).toContain('10.9.0.9');
    await runNetform(m, ['destroy', 'leaving', '--yes']);
    expect(await m.snapshot()).toBe(before);
  });
});
