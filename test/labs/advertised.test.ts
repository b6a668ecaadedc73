import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { runNetform } from './run-netform.ts';

const lab = (host: string): string => `version: 1
name: advertised
bridges: { lan: { subnet: "fd00:1::/64", address: "fd00:1::1" } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
host: { forwarding: true${host} }
`;
const routes = (m: Machine): Promise<string> => m.must('ip -6 route show default');

test('who has the default route of IPv6 from a router is told before forwarding takes it, and keeps it by accept_ra', async () => {
  await withMachine(async (m) => {
    await m.must(`sysctl -qw net.ipv6.conf.all.forwarding=0 && ip netns add router
      ip link add name nic type veth peer name lan netns router && ip link set nic up && ip -n router link set lan up`);
    const advertise = async () => {
      for (let i = 0; i < 40 && (await routes(m)) === ''; i++) {
        await m.sh(`ip netns exec router perl ${repository}test/support/advertise.pl lan; sleep 0.2`);
      }
      expect(await routes(m)).toMatch(/dev nic proto ra/);
    };
    await advertise();

    const plan = await runNetform(m, ['plan', '-'], { input: lab('') });
    expect(plan.stderr).toMatch(/through nic comes from router advertisements[\s\S]*nic\.accept_ra: 2/);
    await runNetform(m, ['apply', '-'], { input: lab('') });
    expect(await routes(m), 'as it was told').toBe('');
    expect((await runNetform(m, ['plan', '-'], { input: lab('') })).stderr).not.toMatch(/advertisements/);
    await runNetform(m, ['destroy', 'advertised', '--yes']);

    await advertise();
    const kept = { input: lab(', sysctls: { net.ipv6.conf.nic.accept_ra: 2 }') };
    expect((await runNetform(m, ['apply', '-'], kept)).stderr).not.toMatch(/advertisements/);
    expect(await routes(m)).toMatch(/dev nic proto ra/);
    await runNetform(m, ['destroy', 'advertised', '--yes']);
    expect(await m.must('sysctl -n net.ipv6.conf.nic.accept_ra net.ipv6.conf.all.forwarding')).toBe('1\n0\n');
    expect(await routes(m)).toMatch(/dev nic proto ra/);
  });
});
