import { describe, expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { type Machine, withMachine } from '../../support/machine.ts';
import { pings, serving, silent, tcp } from '../../support/traffic.ts';
import { doctor, expectFinding } from '../doctor/doctor.ts';
import { container, dockerRules } from './neighbour.ts';

const lab = (publish: string, subnet = '172.30.0.0/24') => `
version: 1
name: lab
bridges: { lab0: { subnet: ${subnet}, address: ${subnet.replace('0/24', '1')} } }
namespaces: { red: { interfaces: { eth0: { bridge: lab0 } }, publish: ["${publish}:80"] } }
`;
const netform = (m: Machine, verb: 'plan' | 'apply', text: string, code = 0) =>
  runNetform(m, [verb, '-', ...(verb === 'apply' ? ['--yes'] : [])], { input: text, code });
const down = 'ip -n red link set eth0 down';
const isUp = async (m: Machine) => (await m.must('ip -n red -br link show eth0')).includes('UP');

describe.concurrent('a port that a rule of another program forwards', () => {
  test('D3: is a conflict before the lab comes, with the rule by name', async () => {
    await withMachine(async (m) => {
      await m.must(`${container}\n${dockerRules}\nsysctl -qw net.ipv4.ip_forward=1`);
      const before = await m.snapshot();
      for (const verb of ['plan', 'apply'] as const) {
        const { stderr } = await netform(m, verb, lab('9090'), 3);
        expect(stderr).toContain('port 9090/tcp is forwarded by another program: table ip nat, chain DOCKER: ');
      }
      expect(await m.snapshot()).toBe(before);
      expect(await answers(m, 9090)).toBe('box');
      await netform(m, 'apply', lab('9091'));
      expect(await doctor(m)).toEqual([]);
    });
  });

  test('D4, D6: is a finding when it comes second, and the lab is healed all the same', async () => {
    await withMachine(async (m) => {
      await m.must(container);
      await netform(m, 'apply', lab('9090'));
      await m.must(`${dockerRules}\n${down}`);
      const finding = await expectFinding(m, 'port-conflict');
      expect(finding.where).toContain('chain DOCKER');
      expect(await m.must(finding.remedy.join('\n'))).toContain('9090');
      const { stderr } = await netform(m, 'apply', lab('9090'));
      expect(stderr).toContain('warning: port 9090/tcp is forwarded by another program');
      expect(await isUp(m)).toBe(true);
      await netform(m, 'plan', lab('9092'));
      await runNetform(m, ['destroy', 'lab', '--yes']);
      expect(await answers(m, 9090)).toBe('box');
    });
  });

  test('D6: a program that comes second is a finding, and the lab is healed all the same', async () => {
    await withMachine(async (m) => {
      await netform(m, 'apply', lab('9090'));
      await m.must(down);
      await serving(m, { netns: 'host', port: 9090 }, async () => {
        const found = await doctor(m);
        expect(found.map(({ name }) => name)).toEqual(['port-conflict']);
        const { stderr } = await netform(m, 'apply', lab('9090'));
        expect(stderr).toContain('warning: port 9090/tcp is in use by a program');
        expect(await isUp(m)).toBe(true);
        await runNetform(m, ['destroy', 'lab', '--yes']);
        await netform(m, 'plan', lab('9090'), 3);
      });
    });
  });
});

describe.concurrent('a subnet that another program has or routes', () => {
  test('D6: is a finding when it comes second, and the lab is healed all the same', async () => {
    await withMachine(async (m) => {
      await netform(m, 'apply', lab('8080'));
      await m.must(
        `ip link add br-0123456789ab type bridge; ip addr add 172.30.0.1/16 dev br-0123456789ab; ip link set br-0123456789ab up; ${down}`,
      );
      const finding = await expectFinding(m, 'subnet-conflict');
      expect(finding.what).toContain('br-0123456789ab (Docker)');
      const { stderr } = await netform(m, 'apply', lab('8080'));
      expect(stderr).toContain('warning: subnet 172.30.0.0/24 of bridge lab0 overlaps');
      expect(await isUp(m)).toBe(true);
      await netform(m, 'plan', lab('8080', '172.30.1.0/24'), 3);
    });
  });

  const tailscale =
    'ip link add tailscale0 type veth peer name far; ip link set tailscale0 up; ip rule add pref 5270 table 52; ip route add 172.30.0.0/16 dev tailscale0 table 52';
  test('D5: a policy route is a conflict before, a finding after, and its remedy helps', async () => {
    await withMachine(async (m) => {
      await m.must(tailscale);
      const { stderr } = await netform(m, 'plan', lab('8080'), 3);
      expect(stderr).toContain(
        'subnet 172.30.0.0/24 of bridge lab0 is routed to tailscale0 by table 52 (172.30.0.0/16)',
      );
      await m.must('ip rule del pref 5270');
      await netform(m, 'apply', lab('8080'));
      expect(await pings(m, 'host', '172.30.0.2')).toBe(true);
      await m.must('ip rule add pref 5270 table 52');
      expect(await silent(m, 'host', '172.30.0.2')).toBe(true);
      const finding = await expectFinding(m, 'subnet-conflict');
      await netform(m, 'apply', lab('8080'));
      await m.must(finding.remedy.join('\n'));
      expect(await doctor(m)).toEqual([]);
      expect(await pings(m, 'host', '172.30.0.2')).toBe(true);
    });
  });

  test('D5: the rules of wg-quick are fine, before and after', async () => {
    await withMachine(async (m) => {
      await m.must(`ip link add wg0 type veth peer name far; ip link set wg0 up; ip link set far up
        ip route add default dev wg0 table 51820
        ip rule add not fwmark 51820 table 51820; ip rule add table main suppress_prefixlength 0`);
      await netform(m, 'apply', lab('8080'));
      expect(await pings(m, 'host', '172.30.0.2')).toBe(true);
      expect(await doctor(m)).toEqual([]);
      // Without the second rule everything goes by the tunnel.
      await m.must('ip rule del table main suppress_prefixlength 0');
      expect(await silent(m, 'host', '172.30.0.2')).toBe(true);
      await expectFinding(m, 'subnet-conflict');
    });
  });
});

const answers = (m: Machine, port: number): Promise<string> =>
  serving(
    m,
    { netns: 'box', port: 80 },
    async () => (await tcp(m, 'out', { to: '198.51.100.1', port })).split(' ')[0] ?? '',
  );
