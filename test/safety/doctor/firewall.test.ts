import { describe, expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { type Machine, withMachine } from '../../support/machine.ts';
import { pings, serving, silent, tcp } from '../../support/traffic.ts';
import { doctor, expectFinding, expectRemedy } from './doctor.ts';

const portForward = 'topologies/port-forward.yaml';
const masquerade = 'topologies/masquerade.yaml';
const redBlue = 'topologies/red-blue.yaml';
const bridgeFilter = (value: 0 | 1) =>
  `sysctl -qw net.bridge.bridge-nf-call-iptables=${value} net.bridge.bridge-nf-call-ip6tables=${value}`;

/** As Docker leaves a machine. */
const docker = `set -e
  iptables-nft -P FORWARD DROP
  iptables-nft -N DOCKER-USER
  iptables-nft -N DOCKER-FORWARD
  iptables-nft -A FORWARD -j DOCKER-USER
  iptables-nft -A FORWARD -j DOCKER-FORWARD
  iptables-nft -A DOCKER-FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
  iptables-nft -A DOCKER-FORWARD -i docker0 -j ACCEPT
  iptables-nft -A DOCKER-USER -j RETURN`;

/** Other ways to drop what is forwarded. */
const firewalls: readonly (readonly [string, string])[] = [
  ['Docker', docker],
  ['a DOCKER-USER chain that nothing jumps to (D2)', 'iptables-nft -N DOCKER-USER; iptables-nft -P FORWARD DROP'],
  [
    'a DOCKER-USER chain behind a drop (D2)',
    `iptables-nft -N DOCKER-USER; iptables-nft -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT; iptables-nft -A FORWARD -j DROP; iptables-nft -A FORWARD -j DOCKER-USER`,
  ],
  [
    'a policy in a table of its own',
    `nft 'table inet fw { chain forward { type filter hook forward priority 10; policy drop; ct state established,related accept; iifname "docker0" accept; }; }'`,
  ],
  [
    'a rule at the end',
    `nft 'table inet fw { chain f { type filter hook forward priority 0; policy accept; ct state vmap { established : accept, related : accept, invalid : drop }; jump more; }; chain more { iifname != "eth0" reject; }; }' 2>/dev/null || nft 'add table inet fw; add chain inet fw more; add chain inet fw f { type filter hook forward priority 0; policy accept; }; add rule inet fw f ct state vmap { established : accept, related : accept, invalid : drop }; add rule inet fw f jump more; add rule inet fw more iifname != "eth0" reject'`,
  ],
  [
    'legacy iptables',
    'iptables-legacy -P FORWARD DROP; iptables-legacy -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT; iptables-legacy -A FORWARD -i docker0 -m comment --comment "a b" -j ACCEPT',
  ],
];

const othersRules = (m: Machine): Promise<string> =>
  m.must(
    `for v in iptables ip6tables; do $v-legacy-save | grep -v '^[#:]'; done; nft -s list ruleset | sed '/^table inet netform/,/^}/d'`,
  );

async function published(m: Machine, patienceMs = 8000): Promise<boolean> {
  return serving(m, { netns: 'blue', port: 80 }, async () =>
    (await tcp(m, 'client', { to: '203.0.113.1', port: 80, patienceMs })).startsWith('blue'),
  );
}

describe.concurrent('forwarding that another table drops', () => {
  test.each(firewalls)('%s: routed packets', async (_, script) => {
    await withMachine(async (m) => {
      await m.must(bridgeFilter(0));
      await runNetform(m, ['apply', masquerade]);
      expect(await doctor(m)).toEqual([]);
      expect(await pings(m, 'blue', '203.0.113.9')).toBe(true);
      await m.must(script);
      expect(await silent(m, 'blue', '203.0.113.9')).toBe(true);
      const { stderr } = await runNetform(m, ['plan', masquerade]);
      if (!script.includes('legacy')) expect(stderr).toContain('netform doctor');
      const finding = await expectFinding(m, 'forwarding-dropped', [masquerade]);
      expect(finding.severity).toBe('error');
      await expectRemedy(m, finding, [masquerade]);
      expect(await pings(m, 'blue', '203.0.113.9')).toBe(true);
    });
  });

  test.each(firewalls)('%s: a port forward', async (_, script) => {
    await withMachine(async (m) => {
      await m.must(bridgeFilter(0));
      await runNetform(m, ['apply', portForward]);
      expect(await published(m)).toBe(true);
      await m.must(script);
      const rules = await othersRules(m);
      expect(await published(m, 1000)).toBe(false);
      await expectRemedy(m, await expectFinding(m, 'forwarding-dropped'));
      expect(await published(m)).toBe(true);
      // D9: destroy says which accepts are left, and how they are removed.
      const { stderr } = await runNetform(m, ['destroy', 'port-forward', '--yes']);
      const [, commands = 'false'] = /of links that are gone; to remove (?:it|them): (.*)\n/.exec(stderr) ?? [];
      await m.must(commands);
      expect(await othersRules(m)).toBe(rules);
    });
  });

  test.each(firewalls)('%s: inside one bridge, with bridge-nf-call', async (_, script) => {
    await withMachine(async (m) => {
      await m.must(bridgeFilter(1));
      await runNetform(m, ['apply', redBlue]);
      await m.must(script);
      expect(await silent(m, 'red', '192.168.15.2')).toBe(true);
      const finding = await expectFinding(m, 'bridge-filtered', ['red-blue']);
      await expectRemedy(m, finding, ['red-blue']);
      expect(await pings(m, 'red', '192.168.15.2')).toBe(true);
      await m.must(bridgeFilter(0));
      expect(await doctor(m)).toEqual([]);
    });
  });

  test('policies have the frames of their bridge pass the filters of others, whatever the sysctl says', async () => {
    await withMachine(async (m) => {
      await m.must(bridgeFilter(0));
      await m.must(docker);
      const input = `
version: 1
name: policed
bridges: { lan: { subnet: 10.75.0.0/24 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: 10.75.0.1 } } }
  blue: { interfaces: { eth0: { bridge: lan, address: 10.75.0.2 } } }
  green: { interfaces: { eth0: { bridge: lan, address: 10.75.0.3 } } }
policies: { blue: { select: blue, ingress: [{ from: red }] } }
`;
      await runNetform(m, ['apply', '-', '--yes'], { input });
      expect(await silent(m, 'red', '10.75.0.2')).toBe(true);
      const finding = await expectFinding(m, 'bridge-filtered', ['policed']);
      expect(finding.breaks).toContain('policies and services have the frames of the bridge pass');
      expect(finding.where).toContain('FORWARD');
      await expectRemedy(m, finding, ['policed']);
      expect(await pings(m, 'red', '10.75.0.2')).toBe(true);
      expect(await silent(m, 'green', '10.75.0.2')).toBe(true);
    });
  });

  test('what the firewall of the lab itself drops is meant', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', 'topologies/dmz.yaml']);
      expect(await doctor(m)).toEqual([]);
      expect((await runNetform(m, ['plan', 'topologies/dmz.yaml'])).stderr).not.toContain('NF3011');
    });
  });

  test('what does not concern the lab is not reported', async () => {
    await withMachine(async (m) => {
      await m.must(bridgeFilter(0));
      await m.must(docker);
      await runNetform(m, ['apply', redBlue]);
      expect((await doctor(m)).map(({ name }) => name)).toEqual([]);
      expect(await pings(m, 'red', '192.168.15.2')).toBe(true);
      const accepted = `iptables-nft -I FORWARD -s 192.168.15.0/24 -j ACCEPT; iptables-nft -I FORWARD -d 192.168.15.0/24 -j ACCEPT`;
      await m.must(`${bridgeFilter(1)}; ${accepted}`);
      expect(await pings(m, 'red', '192.168.15.2')).toBe(true);
      expect((await doctor(m)).map(({ name }) => name)).toEqual([]);
    });
  });

  test('legacy tables that cannot be read are said to be there', async () => {
    await withMachine(async (m) => {
      await m.must(`iptables-legacy -A FORWARD -j ACCEPT; mount -t tmpfs none /run/netns 2>/dev/null
        for f in /usr/sbin/iptables-legacy-save /usr/sbin/xtables-legacy-multi; do [ -e $f ] && mount --bind /dev/null $f; done; true`);
      const finding = await expectFinding(m, 'legacy-iptables');
      expect(finding.remedy).toEqual(['apt-get install -y iptables']);
    });
  });
});
