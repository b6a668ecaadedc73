import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bird, frr } from '../support/fetched-programs.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const BGP = 'topologies/programs/three-as.yaml';
const OSPF = 'topologies/programs/ospf.yaml';
const PODS = 'topologies/programs/bgp-pods.yaml';

/** Waits until an echo comes back: routers need some seconds. */
const comesBack = (m: Machine, from: string, to: string): Promise<string> =>
  m.must(`until ip netns exec ${from} ping -n -c1 -W1 ${to} >/dev/null; do sleep 0.1; done`);

test.skipIf(bird.missing !== null)(
  `three autonomous systems learn of each other, filter, and go round a cut link, in both families (${bird.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await bird.install(m);
      const before = await m.snapshot();
      await runNetform(m, ['apply', BGP]);
      for (const to of ['10.9.30.2', 'fd69:30::2', '10.9.20.1', 'fd69:20::1']) await comesBack(m, 'h1', to);
      // What r1 and r2 do not accept from r3 they do not know.
      expect(await silent(m, 'h1', '172.31.3.1')).toBe(true);
      expect(await m.must('ip -n r1 route')).not.toContain('172.31.3.0');
      // What was learned is neither drift nor unmanaged.
      expect(await m.must('ip -n r1 route show 10.9.30.0/24')).toContain('dev to3 proto bird');
      expect((await runNetform(m, ['plan', BGP])).stdout).toMatch(/Nothing to do\.$/m);
      expect((await runNetform(m, ['plan', BGP, '--prune'])).stdout).not.toContain('10.9.30.0');

      await m.must('ip -n r1 link set to3 down');
      await m.must('until ip -n r1 route show 10.9.30.0/24 | grep -q "dev to2"; do sleep 0.1; done');
      for (const to of ['10.9.30.2', 'fd69:30::2']) await comesBack(m, 'h1', to);
      await runNetform(m, ['apply', BGP]);
      await m.must('until ip -n r1 route show 10.9.30.0/24 | grep -q "dev to3"; do sleep 0.1; done');

      // Another configuration is taken over by the same process; the sessions that stay go on.
      const [pid, birdc] = [
        await m.must('pgrep -o bird'),
        'birdc -s /run/netform/labs/three-as/r1/routing/run/bird.ctl',
      ];
      const since = await m.must(`${birdc} show protocols peer1v4 | grep -o "up .*"`);
      const other = readFileSync(`${repository}${BGP}`, 'utf8').replace(
        '[10.9.10.0/24, "fd69:10::/64"]',
        '["fd69:10::/64"]',
      );
      expect((await runNetform(m, ['apply', '-'], { input: other })).stdout).toContain('read again');
      await m.must('until ! ip -n r3 route | grep -q 10.9.10.0/24; do sleep 0.1; done');
      expect(await silent(m, 'h1', '10.9.30.2')).toBe(true);
      await comesBack(m, 'h1', 'fd69:30::2');
      expect(await m.must('pgrep -o bird')).toBe(pid);
      expect(await m.must(`${birdc} show protocols peer1v4 | grep -o "up .*"`)).toBe(since);
      await runNetform(m, ['destroy', 'three-as', '--yes']);
      expect(await m.snapshot()).toBe(before);
      expect((await m.sh('pgrep bird')).code).toBe(1);
    }),
);

test.skipIf(bird.missing !== null)(
  `routers in a row find each other by OSPF, in both families (${bird.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await bird.install(m);
      await runNetform(m, ['apply', OSPF]);
      expect((await runNetform(m, ['wait', 'ospf'])).stdout).toBe('3 programs are ready.\n');
      for (const to of ['10.70.30.10', 'fd00:70:30::10']) await comesBack(m, 'h1', to);
      expect(await m.must('ip -n r1 route show 10.70.30.0/24')).toContain('proto bird');
      expect((await runNetform(m, ['plan', OSPF])).stdout).toMatch(/Nothing to do\.$/m);
      // What a daemon learned is no static route of a topology.
      const { stdout } = await runNetform(m, ['import', 'live', '--all']);
      expect(stdout).toContain('10.70.10.1');
      expect(stdout).not.toMatch(/to: "?(10\.70\.30\.0|fd00:70:30::)\//);
      await runNetform(m, ['destroy', 'ospf', '--yes']);
    }),
);

test.skipIf(bird.missing !== null)(
  `two nodes tell each other their pods by BGP over links without addresses, and wait knows when (${bird.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await bird.install(m);
      const before = await m.snapshot();
      const pods = [
        ['pod-1', '10.244.2.2'],
        ['pod-1', 'fd00:244:2::2'],
        ['pod-2', '10.244.1.2'],
        ['pod-2', 'fd00:244:1::2'],
      ] as const;
      const reached = () =>
        Promise.all(
          pods.map(async ([from, to]) => (await m.sh(`ip netns exec ${from} ping -n -c1 -W1 ${to}`)).code === 0),
        );
      await runNetform(m, ['apply', PODS]);
      expect((await runNetform(m, ['wait', 'bgp-pods'])).stdout).toBe('3 programs are ready.\n');
      await m.must('until ip -n node-1 route | grep -q 10.244.2.0/24; do sleep 0.05; done');
      for (const [from, to] of pods) await comesBack(m, from, to);
      // The next hop of an IPv4 route is an IPv6 address of the link (RFC 8950), which has no other.
      expect(await m.must('ip -n node-1 route show 10.244.2.0/24')).toMatch(
        /^10.244.2.0\/24 via inet6 fe80::\S+ dev uplink proto bird/,
      );
      expect(await m.must('ip -n node-1 -o address show dev uplink')).toMatch(
        /^\d+: uplink +inet6 fe80::\S+ scope link[^\n]*\n$/,
      );
      expect((await runNetform(m, ['plan', PODS])).stdout).toMatch(/Nothing to do\.$/m);
      expect((await runNetform(m, ['plan', PODS, '--prune'])).stdout).toMatch(/Nothing to do\.$/m);

      // A session that is cut takes its routes along.
      await m.must('ip -n node-2 link set uplink down');
      await m.must('while ip -n node-1 route | grep -q 10.244.2.0/24; do sleep 0.05; done');
      await m.must('while ip -n node-1 -6 route | grep -q fd00:244:2::; do sleep 0.05; done');
      expect(await reached()).toEqual([false, false, false, false]);
      const cut = await runNetform(m, ['wait', 'bgp-pods', '--timeout', '1s'], { code: 6 });
      expect(cut.stdout).toBe('Not ready: rack/routing, node-2/routing.\n');
      await runNetform(m, ['apply', PODS]);
      await runNetform(m, ['wait', 'bgp-pods']);
      for (const [from, to] of pods) await comesBack(m, from, to);
      await runNetform(m, ['destroy', 'bgp-pods', '--yes']);
      expect(await m.snapshot()).toBe(before);

      // A route that the next hop will have from its daemon is no mistake; without one it is.
      const text = readFileSync(`${repository}${PODS}`, 'utf8');
      const written = text.replace(
        '  "pod-{1..2}":',
        `  pod-9: { interfaces: { eth0: { bridge: "node-1:cni0" } }, routes: [{ to: 10.244.2.0/24, via: node-1 }] }\n  "pod-{1..2}":`,
      );
      expect((await runNetform(m, ['validate', '-'], { input: written })).stderr).not.toContain('NF2212');
      const without = written.replace(/routing: .*/g, 'forwarding: true');
      expect((await runNetform(m, ['validate', '-'], { input: without })).stderr).toContain('NF2212');
    }),
);

const ON_MACHINE = `version: 1
name: edge
bridges: { lan: { subnet: [10.81.1.0/24, "fd00:81::/64"], address: [10.81.1.1, "fd00:81::1"] } }
namespaces:
  pc: { interfaces: { eth0: { bridge: lan } } }
  r1:
    interfaces: { lo: [10.80.1.1/32, "fd00:80::1/128", 172.31.9.1/32], up: [10.82.0.2/30, "fd00:82::2/64"] }
    routing: { bgp: { asn: 65001, peers: [host], advertise: [10.80.1.1/32, "fd00:80::1/128", 172.31.9.1/32] } }
links: ["host:down -- r1:up"]
host:
  interfaces: { down: [10.82.0.1/30, "fd00:82::1/64"] }
  routing: { bgp: { asn: 65000, peers: [{ to: r1, accept: [10.80.0.0/16, "fd00:80::/32"] }], advertise: connected } }
`;

test.skipIf(bird.missing !== null)(
  `the machine itself speaks BGP with routers of a lab, and learns what it accepts (${bird.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await bird.install(m);
      await m.must('ip link add other type bridge && ip addr add 192.168.77.1/24 dev other && ip link set other up');
      const before = await m.snapshot();
      await runNetform(m, ['apply', '-'], { input: ON_MACHINE });
      await runNetform(m, ['wait', 'edge']);
      for (const to of ['10.80.1.1', 'fd00:80::1']) {
        await comesBack(m, 'pc', to);
        expect(await pings(m, 'host', to)).toBe(true);
      }
      expect(await silent(m, 'host', '172.31.9.1')).toBe(true);
      // Others hear of the networks of the lab, not of the machine's own.
      const learned = await m.must('ip -n r1 route; ip -n r1 -6 route');
      expect(learned).toMatch(/^10\.81\.1\.0\/24 via .* proto bird/m);
      expect(learned).toMatch(/^fd00:81::\/64 via .* proto bird/m);
      expect(learned).not.toContain('192.168.77.0');
      expect((await runNetform(m, ['plan', '-'], { input: ON_MACHINE })).stdout).toMatch(/Nothing to do\.$/m);
      await runNetform(m, ['destroy', 'edge', '--yes']);
      expect(await m.snapshot()).toBe(before);

      const open = ON_MACHINE.replace('{ to: r1, accept: [10.80.0.0/16, "fd00:80::/32"] }', 'r1');
      expect((await runNetform(m, ['validate', '-'], { input: open, code: 3 })).stderr).toContain('without accept');
    }),
);

/** A lab with the daemons of FRR in the place of bird. */
const withFrr = (file: string): string =>
  readFileSync(`${repository}${file}`, 'utf8')
    .replaceAll(/^( +)routing:\n/gm, '$1routing:\n$1  engine: frr\n')
    .replaceAll('routing: { ', 'routing: { engine: frr, ');

test.skipIf(frr.missing !== null)(
  `the daemons of FRR do the same: three autonomous systems, a cut link, and OSPF (${frr.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await frr.install(m);
      const before = await m.snapshot();
      const input = withFrr(BGP);
      await runNetform(m, ['apply', '-'], { input });
      expect((await runNetform(m, ['wait', 'three-as'])).stdout).toBe('6 programs are ready.\n');
      for (const to of ['10.9.30.2', 'fd69:30::2', '10.9.20.1', 'fd69:20::1']) await comesBack(m, 'h1', to);
      expect(await silent(m, 'h1', '172.31.3.1')).toBe(true);
      expect(await m.must('ip -n r1 route')).not.toContain('172.31.3.0');
      expect(await m.must('ip -n r1 route show 10.9.30.0/24')).toContain('dev to3 proto bgp');
      expect((await runNetform(m, ['plan', '-', '--prune'], { input })).stdout).toMatch(/Nothing to do\.$/m);

      await m.must('ip -n r1 link set to3 down');
      await m.must('until ip -n r1 route show 10.9.30.0/24 | grep -q "dev to2"; do sleep 0.1; done');
      for (const to of ['10.9.30.2', 'fd69:30::2']) await comesBack(m, 'h1', to);
      await runNetform(m, ['apply', '-'], { input });
      await m.must('until ip -n r1 route show 10.9.30.0/24 | grep -q "dev to3"; do sleep 0.1; done');

      // Another configuration is a new start of that daemon alone.
      const zebra = await m.must('pgrep -x zebra');
      const other = input.replace('[10.9.10.0/24, "fd69:10::/64"]', '["fd69:10::/64"]');
      await runNetform(m, ['apply', '-', '--yes'], { input: other });
      await m.must('until ! ip -n r3 route | grep -q 10.9.10.0/24; do sleep 0.1; done');
      expect(await silent(m, 'h1', '10.9.30.2')).toBe(true);
      await comesBack(m, 'h1', 'fd69:30::2');
      expect(await m.must('pgrep -x zebra')).toBe(zebra);
      await runNetform(m, ['destroy', 'three-as', '--yes']);
      expect(await m.snapshot()).toBe(before);

      await runNetform(m, ['apply', '-'], { input: withFrr(OSPF) });
      await runNetform(m, ['wait', 'ospf']);
      for (const to of ['10.70.30.10', 'fd00:70:30::10']) await comesBack(m, 'h1', to);
      expect(await m.must('ip -n r1 route show 10.70.30.0/24')).toContain('proto ospf');
      await runNetform(m, ['destroy', 'ospf', '--yes']);

      await runNetform(m, ['apply', '-'], { input: withFrr(PODS) });
      await runNetform(m, ['wait', 'bgp-pods']);
      for (const to of ['10.244.2.2', 'fd00:244:2::2']) await comesBack(m, 'pod-1', to);
      await runNetform(m, ['destroy', 'bgp-pods', '--yes']);
      expect(await m.snapshot()).toBe(before);
      expect((await m.sh('pgrep -x "zebra|bgpd|ospfd|ospf6d"')).code).toBe(1);
    }),
);
