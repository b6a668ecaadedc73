import { describe, expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { type Machine, withMachine } from '../../support/machine.ts';
import { pings, silent } from '../../support/traffic.ts';
import { doctor, expectFinding, expectRemedy } from './doctor.ts';

const redBlue = 'topologies/red-blue.yaml';
const bridgeFilterOff = 'sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0';

/** Says that systemd has a unit enabled. */
const enable = (unit: string): string =>
  `mkdir -p /etc/systemd/system/multi-user.target.wants && ln -sf /lib/systemd/system/${unit} /etc/systemd/system/multi-user.target.wants/${unit}`;

/** `twin` is on two LANs of the machine and answers everything by way of the first. */
const twoWays = `version: 1
name: two-ways
bridges:
  one: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
  two: { subnet: 10.2.0.0/24, address: 10.2.0.1, gateway: none }
  three: { subnet: 10.3.0.0/24, address: 10.3.0.1 }
host: { forwarding: true }
namespaces:
  twin: { interfaces: { eth0: { bridge: one, address: 10.1.0.2 }, eth1: { bridge: two, address: 10.2.0.2 } } }
  peer: { interfaces: { eth0: { bridge: three, address: 10.3.0.2 } } }
`;

describe.concurrent('what the kernel and its settings do', () => {
  test('strict rp_filter: an answer that comes back another way', async () => {
    await withMachine(async (m) => {
      await m.must(`${bridgeFilterOff}; for k in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$k; done`);
      await runNetform(m, ['apply', '-'], { input: twoWays });
      expect(await doctor(m)).toEqual([]);
      expect(await pings(m, 'peer', '10.2.0.2')).toBe(true);
      await m.must('echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter');
      expect(await silent(m, 'peer', '10.2.0.2')).toBe(true);
      const planned = await runNetform(m, ['plan', '-'], { input: twoWays });
      expect(planned.stderr).toContain('rp_filter=2');
      const finding = await expectFinding(m, 'strict-rp-filter');
      expect(finding.severity).toBe('error');
      await expectRemedy(m, finding);
      expect(await pings(m, 'peer', '10.2.0.2')).toBe(true);
    });
  });

  test('strict rp_filter for links that are yet to come is a warning', async () => {
    await withMachine(async (m) => {
      await m.must('echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter; echo 1 >/proc/sys/net/ipv4/conf/default/rp_filter');
      const finding = await expectFinding(m, 'strict-rp-filter', [redBlue]);
      expect(finding.severity).toBe('warning');
      await expectRemedy(m, finding, [redBlue]);
    });
  });

  test('fewer network namespaces than the lab has', async () => {
    await withMachine(async (m) => {
      await m.must('echo 1 >/run/most && mount --bind /run/most /proc/sys/user/max_net_namespaces');
      await expectRemedy(m, await expectFinding(m, 'kernel-limits', [redBlue]), [redBlue]);
    });
  });

  test('no IPv6', async () => {
    await withMachine(async (m) => {
      await m.must('mount -t tmpfs -o ro none /proc/sys/net/ipv6');
      const finding = await expectFinding(m, 'kernel-feature');
      expect(finding.where).toContain('/proc/sys/net/ipv6');
      await m.must('umount /proc/sys/net/ipv6');
      expect(await doctor(m)).toEqual([]);
    });
  });

  test('packages that are not there', async () => {
    await withMachine(async (m) => {
      const hide = 'for lib in /usr/lib/*/libnftables.so.1*; do mount --bind /dev/null "$lib"; done';
      await m.must(`${hide}; mount -t tmpfs none /usr/lib/cni; mount -t tmpfs none /opt`);
      const found = await doctor(m, ['topologies/cni.yaml']);
      expect(found.map(({ name, remedy }) => `${name}: ${remedy[0]}`)).toEqual([
        'missing-package: apt-get install -y nftables',
        'missing-package: apt-get install -y containernetworking-plugins',
      ]);
      await m.must('for lib in /usr/lib/*/libnftables.so.1*; do umount "$lib"; done; umount /usr/lib/cni; umount /opt');
      expect(await doctor(m, ['topologies/cni.yaml'])).toEqual([]);
    });
  });
});

describe.concurrent('what services do', () => {
  test('nftables.service flushes every table, and after the remedy only its own', async () => {
    await withMachine(async (m) => {
      await m.must(`cat >/etc/nftables.conf && ${enable('nftables.service')}`, {
        input:
          '#!/usr/sbin/nft -f\n\nflush ruleset\n\ntable inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0;\n\t}\n}\n',
      });
      await runNetform(m, ['apply', 'topologies/port-forward.yaml']);
      const finding = await expectFinding(m, 'nftables-flush');
      expect(finding.where).toContain('/etc/nftables.conf');
      await m.must('nft -f /etc/nftables.conf');
      await runNetform(m, ['plan', 'topologies/port-forward.yaml', '--exit-code'], { code: 10 });
      await runNetform(m, ['apply', 'topologies/port-forward.yaml']);
      await expectRemedy(m, finding);
      await m.must('nft -f /etc/nftables.conf && nft -f /etc/nftables.conf');
      expect(await m.must('nft list tables')).toContain('table inet filter');
      await runNetform(m, ['plan', 'topologies/port-forward.yaml', '--exit-code']);
    });
  });

  test('a nftables.conf that nobody loads is not reported', async () => {
    await withMachine(async (m) => {
      await m.must('echo "flush ruleset" >/etc/nftables.conf; rm -f /etc/systemd/system/*.wants/nftables.service');
      expect(await doctor(m)).toEqual([]);
    });
  });

  test('systemd-networkd removes routes that are not its own', async () => {
    await withMachine(async (m) => {
      await m.must(enable('systemd-networkd.service'));
      await expectRemedy(m, await expectFinding(m, 'networkd-foreign-routes'));
      await m.must(`printf '[Network]\\nManageForeignRoutes=yes\\n' >/etc/systemd/networkd.conf.d/90-again.conf`);
      await expectFinding(m, 'networkd-foreign-routes');
    });
  });

  test('NetworkManager, of the links of the lab', async () => {
    await withMachine(async (m) => {
      await m.must(enable('NetworkManager.service'));
      expect(await doctor(m)).toEqual([]);
      const finding = await expectFinding(m, 'network-manager', [redBlue]);
      expect(finding.what).toContain('v-net-0');
      await expectRemedy(m, finding, [redBlue]);
    });
  });

  test('a .link file that changes MACs', async () => {
    await withMachine(async (m) => {
      await m.must('mkdir -p /etc/systemd/network && cat >/etc/systemd/network/10-mac.link', {
        input: '[Match]\nOriginalName=eth0 v-net-*\n[Link]\nMACAddress=02:00:00:00:00:01\n',
      });
      expect(await doctor(m)).toEqual([]);
      await expectRemedy(m, await expectFinding(m, 'udev-mac-address', [redBlue]), [redBlue]);
    });
  });
});

describe.concurrent('what was left behind', () => {
  const leftover = (m: Machine, name: string) =>
    m.must(`mkdir -p /run/netns && install -m 000 /dev/null /run/netns/${name}`);

  test('a dead file of somebody else: --fix leaves it', async () => {
    await withMachine(async (m) => {
      await leftover(m, 'ghost');
      const finding = await expectFinding(m, 'dead-namespace');
      expect(finding.fixable).toBe(false);
      await m.netform(['doctor', '--fix']);
      await m.must('test -e /run/netns/ghost');
      await expectRemedy(m, finding);
    });
  });

  test('a dead file of a lab: --fix removes it, and the lab comes back', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', redBlue]);
      const applied = await m.snapshot();
      await m.must('ip netns del red');
      await leftover(m, 'red');
      const finding = await expectFinding(m, 'dead-namespace');
      expect(finding.fixable).toBe(true);
      const { stdout } = await runNetform(m, ['doctor', '--fix']);
      expect(stdout).toContain('fixed');
      await runNetform(m, ['apply', redBlue, '--yes']);
      expect(await m.snapshot()).toBe(applied);
    });
  });

  test('a lab of before the last boot', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', redBlue]);
      const applied = await m.snapshot();
      await m.must(`sed -i 's/"bootId": "[^"]*"/"bootId": "00000000-0000-0000-0000-000000000000"/' /var/lib/netform/red-blue/state.json
        ip netns del red; ip netns del blue; ip link del dev v-net-0; sleep 0.2`);
      await expectRemedy(m, await expectFinding(m, 'earlier-boot'));
      expect(await m.snapshot()).toBe(applied);
    });
  });

  test('a run that was killed half-way: --fix undoes it', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      await runNetform(m, ['apply', redBlue]);
      await m.must('cp -a /var/lib/netform/red-blue /run/keep');
      // On a busy machine it may be over before it is killed, with its last record written: then once more.
      await m.must(`for n in $(seq 20); do
        ( node bin/run.js destroy red-blue --yes & pid=$!
          while kill -0 $pid && [ ! -s /var/lib/netform/red-blue/journal ]; do :; done
          kill -9 $pid; wait $pid ) 2>/dev/null
        test -s /var/lib/netform/red-blue/journal && node bin/run.js doctor --json | grep -q interrupted-run && exit 0
        node bin/run.js apply ${redBlue} --yes
      done; exit 1`);
      const finding = await expectFinding(m, 'interrupted-run');
      expect(finding.fixable).toBe(true);
      const { stdout } = await runNetform(m, ['doctor', '--fix']);
      expect(stdout).toContain('fixed');
      await runNetform(m, ['plan', redBlue, '--exit-code']);
      await runNetform(m, ['destroy', 'red-blue', '--yes']);
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('a slave mount of /run', async () => {
    await withMachine(async (m) => {
      await m.must('mount --make-shared /run');
      expect(await doctor(m)).toEqual([]);
      const slave = (command: string) => m.sh(`unshare --mount --propagation slave sh -c '${command}'`);
      const inside = await slave(`${process.execPath} bin/run.js doctor --json`);
      expect(inside.code, inside.stdout + inside.stderr).toBe(6);
      const {
        findings,
      }: { readonly findings: readonly { readonly name: string; readonly remedy: readonly string[] }[] } = JSON.parse(
        inside.stdout,
      );
      expect(findings.map(({ name }) => name)).toEqual(['slave-mount']);
      await m.must(
        `mkdir -p /run/bin && printf '#!/bin/sh\\nexec ${process.execPath} '"$PWD"'/bin/run.js "$@"\\n' >/run/bin/netform && chmod 755 /run/bin/netform`,
      );
      const cure = await slave(`PATH=/run/bin:$PATH; ${findings[0]?.remedy[0]}`);
      expect(cure.code, cure.stdout + cure.stderr).toBe(0);
    });
  });
});

describe.concurrent('the command', () => {
  test('says so when nothing is the matter, and writes nothing', async () => {
    await withMachine(async (m) => {
      const before = await m.snapshot();
      const { stdout } = await runNetform(m, ['doctor', redBlue]);
      expect(stdout).toContain('No problem found on this machine');
      expect(await m.must('cat /proc/net/ip_tables_names')).toBe('');
      expect(await m.snapshot()).toBe(before);
    });
  });

  test('refuses a file that is wrong, and a name that is none', async () => {
    await withMachine(async (m) => {
      await runNetform(m, ['doctor', '-'], { input: 'version: 1\nname: x\nbridge: {}\n', code: 3 });
      await runNetform(m, ['doctor', 'nosuch'], { code: 2 });
    });
  });

  test('foreign names that a shell would run are quoted', async () => {
    await withMachine(async (m) => {
      await m.must(`mkdir -p /run/netns && install -m 000 /dev/null "/run/netns/\\$(touch \${IFS}pwned)'x"`);
      await expectRemedy(m, await expectFinding(m, 'dead-namespace'));
      expect((await m.sh('ls pwned /pwned /run/pwned')).stdout).toBe('');
    });
  });
});
