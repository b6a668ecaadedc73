import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import { pings, serving, silent, tcp, udp } from '../support/traffic.ts';
import { address, type Family, type Net } from './address.ts';
import { attackLoopback } from './attack.ts';
import { proveBadLines } from './bad-lines.ts';
import { proveCni } from './cni.ts';
import { proveDmz, proveFirewall } from './firewalls.ts';
import { foreignAddress, ownAddress } from './foreign-objects.ts';
import { proveGroups } from './group-member.ts';
import { proveGuests } from './guests.ts';
import { proveLabels } from './labels.ts';
import { proveNames } from './names.ts';
import { proveServices } from './services.ts';
import { proveAntiSpoofing } from './spoofing.ts';
import { expectSpread, servingAll } from './spread.ts';

/** Sends traffic through an applied example, in one family, and expects what its comment promises: what passes and what does not. */
export type Proof = (m: Machine, family: Family) => Promise<void>;

/** By the file's name; the files of the same name under dual-stack/ and ipv6/ keep the same promises. */
export const proofs: Readonly<Record<string, Proof>> = {
  'two-namespaces.yaml': async (m, family) => {
    const blue = address({ 4: '10.0.0', 6: 'fd00:1' }, family, 2);
    await passes(m, 'red', blue);
    await passes(m, 'red', 'blue');
    await fails(m, 'host', blue);
  },

  'red-blue.yaml': async (m, family) => {
    await passes(m, 'red', address(lan, family, 2));
    await passes(m, 'blue', address(lan, family, 5));
    await passes(m, 'host', address(lan, family, 1));
    await fails(m, 'red', address(lan, family, 9));
    await fails(m, 'red', foreignAddress[family]);
  },

  'router.yaml': async (m, family) => {
    await passes(m, 'A', address(lan2, family, 5));
    await passes(m, 'C', address(lan1, family, 5));
    await fails(m, 'A', address({ 4: '192.168.3', 6: 'fd00:3' }, family, 5));
    await fails(m, 'host', address(lan2, family, 5));
  },

  'many.yaml': async (m, family) => {
    const far = (host: number) => address({ 4: '10.1.3', 6: 'fd00:1:3' }, family, host);
    await passes(m, 'pc-1a', far(3));
    await passes(m, 'pc-1a', 'pc-2b');
    await fails(m, 'pc-1a', far(9));
    await fails(m, 'host', far(3));
    const link = await m.sh(
      'ip netns exec pc-3b ip -br link show eth0; ip netns exec router cat /sys/class/net/eth2/mtu',
    );
    expect(link.stdout).toMatch(/1400\n$/);
  },

  'router-off.yaml': async (m, family) => {
    await passes(m, 'A', address(lan1, family, 6));
    await passes(m, 'A', address(lan2, family, 6));
    await fails(m, 'A', address(lan2, family, 5));
    await fails(m, 'C', address(lan1, family, 5));
  },

  'masquerade.yaml': async (m, family) => {
    const [red, internet] = [address(lan, family, 1), address(outside, family, 9)];
    await serving(m, { netns: 'internet', port: 7000 }, async () => {
      await answers(m, 'red', [internet, 7000], `internet ${address(outside, family, 1)}`);
    });
    await serving(m, { netns: 'blue', port: 7000 }, async () => {
      await answers(m, 'red', [address(lan, family, 2), 7000], `blue ${red}`);
    });
    await fails(m, 'internet', red);
  },

  'port-forward.yaml': async (m, family) => {
    const [near, far, client] = [address(lan, family, 5), address(outside, family, 1), address(outside, family, 9)];
    await serving(m, { netns: 'blue', port: 80 }, async () => {
      await answers(m, 'client', [far, 80], `blue ${client}`);
      if (family === 4) await answers(m, 'host', ['127.0.0.1', 80], /^blue /);
      for (const from of ['host', 'red', 'blue']) {
        await answers(m, from, [near, 80], /^blue /);
        await answers(m, from, [far, 80], /^blue /);
      }
      await answers(m, 'client', [far, 81], '');
      await answers(m, 'client', [address(lan, family, 2), 80], '');
    });
    if (family === 4) await attackLoopback(m);
  },

  'weighted-forward.yaml': async (m, family) => {
    const [to, client] = [address(outside, family, 1), address(outside, family, 9)];
    await servingAll(m, { names: ['old', 'new'], port: 8080 }, async () => {
      await expectSpread(m, { to, port: 80, connections: 200, weights: { old: 3, new: 1 } });
      await answers(m, 'client', [to, 80], new RegExp(`^(?:old|new) ${client}$`));
      for (const from of ['host', 'old', 'new']) await answers(m, from, [to, 80], /^(?:old|new) /);
      await answers(m, 'client', [to, 8080], '');
    });
  },

  'names.yaml': proveNames,

  'labels.yaml': proveLabels,

  'firewall.yaml': proveFirewall,

  'dmz.yaml': proveDmz,

  'services.yaml': proveServices,

  'docker-bridge.yaml': async (m, family) => {
    const gateway = address(docker, family, 1);
    await serving(m, { netns: 'c1', port: 80 }, async () => {
      if (family === 4) await answers(m, 'host', ['127.0.0.1', 8080], /^c1 /);
      await answers(m, 'stranger', [ownAddress[family], 8080], `c1 ${foreignAddress[family]}`);
      for (const from of ['host', 'c1', 'c2']) await answers(m, from, [gateway, 8080], /^c1 /);
      await answers(m, 'c2', [address(docker, family, 2), 80], `c1 ${address(docker, family, 3)}`);
      await answers(m, 'host', [gateway, 80], '');
    });
    await serving(m, { netns: 'stranger', port: 7000 }, async () => {
      await answers(m, 'c2', [foreignAddress[family], 7000], `stranger ${ownAddress[family]}`);
    });
  },

  'cni.yaml': proveCni,

  'two-nodes.yaml': async (m, family) => {
    const [pod1, pod2] = [address(pods1, family, 2), address(pods2, family, 2)];
    await serving(m, { netns: 'pod-2', port: 7000 }, async () => {
      await answers(m, 'pod-1', [pod2, 7000], `pod-2 ${pod1}`);
      expect(await udp(m, 'pod-1', { to: pod2, port: 7000 })).toBe(`pod-2 ${pod1}`);
    });
    await passes(m, 'pod-2', pod1);
    await fails(m, 'host', pod2);
  },

  'vxlan.yaml': async (m, family) => {
    const [pod1, pod2, pod3] = [11, 12, 13].map((host) => address(overlay, family, host));
    await passes(m, 'pod-1', 'pod-2');
    await passes(m, 'pod-2', pod1 ?? '');
    await fails(m, 'pod-1', pod3 ?? '');
    // As large as the pods send: nothing is cut into pieces or lost on the way.
    const ping = `ping -n -c1 -W4 -M do -s 1382 ${pod2}`;
    expect((await m.sh(`ip netns exec pod-1 ${ping}`)).stdout).toMatch(/ 0% packet loss/);
    await serving(m, { netns: 'pod-2', port: 7000 }, async () => {
      await answers(m, 'pod-1', [pod2 ?? '', 7000], `pod-2 ${pod1}`);
    });
  },

  'vxlan-mesh.yaml': async (m, family) => {
    const [pod1, pod2, pod3, pod4] = [11, 12, 13, 14].map((host) => address(overlay, family, host));
    await passes(m, 'pod-1', pod2 ?? '');
    await passes(m, 'pod-1', pod3 ?? '');
    await passes(m, 'pod-3', pod2 ?? '');
    await passes(m, 'pod-2', pod1 ?? '');
    await fails(m, 'pod-1', pod4 ?? '');
  },

  'vxlan-multicast.yaml': async (m, family) => {
    const [pod1, pod2, pod3] = [11, 12, 13].map((host) => address(overlay, family, host));
    await passes(m, 'pod-1', pod2 ?? '');
    await passes(m, 'pod-2', pod1 ?? '');
    expect(await m.must('ip -n node-1 maddr show dev eth0')).toMatch(/239\.1\.1\.42|ff05::42/);
    const ping = `ping -n -c1 -W4 -M do -s 1382 ${pod2}`;
    expect((await m.sh(`ip netns exec pod-1 ${ping}`)).stdout).toMatch(/ 0% packet loss/);
    await fails(m, 'pod-1', pod3 ?? '');
  },

  'policy-routing.yaml': async (m, family) => {
    const [cheap, fast] = [address(shared1, family, 2), address(shared2, family, 2)];
    const [thrown, other] = [address(services, family, 8), address(services, family, 9)];
    await serving(m, { netns: 'server', port: 443 }, async () => {
      await answers(m, 'client', [other, 443], `server ${fast}`);
      await answers(m, 'client', [thrown, 443], `server ${cheap}`);
    });
    await serving(m, { netns: 'server', port: 80 }, async () => {
      await answers(m, 'client', [other, 80], `server ${cheap}`);
      const asUser = `setpriv --reuid=1500 --clear-groups bash --norc -c 'exec 3<>/dev/tcp/${other}/80; cat <&3'`;
      expect((await m.must(`ip netns exec client ${asUser}`)).trim()).toBe(`server ${fast}`);
    });
    await serving(m, { netns: 'server', port: 53 }, async () => {
      await answers(m, 'client', [other, 53], `server ${cheap}`);
      expect(await udp(m, 'client', { to: other, port: 53, patienceMs: 1500 })).toBe('');
    });
  },

  'point-to-point.yaml': async (m, family) => {
    const [a, b, nobody] = [2, 3, 9].map((host) => address(peers, family, host));
    const pod = address(services, family, 5);
    await passes(m, 'a', b ?? '');
    await passes(m, 'core', a ?? '');
    await passes(m, 'b', address(anycast, family, 99));
    await serving(m, { netns: 'pod', port: 7000 }, async () => {
      await answers(m, 'a', [pod, 7000], `pod ${a}`);
    });
    await fails(m, 'a', nobody ?? '');
    await fails(m, 'pod', address(unreachable, family, 1));
    await fails(m, 'host', a ?? '');
  },

  'bad-lines.yaml': proveBadLines,
  'guests.yaml': proveGuests,

  'macvlan.yaml': async (m, family) => {
    const [outside, web, db, quiet] = [2, 11, 12, 13].map((host) => address(shared, family, host));
    for (const service of [web, db, quiet]) await passes(m, 'outside', service ?? '');
    await passes(m, 'web', db ?? '');
    await passes(m, 'private', outside ?? '');
    await fails(m, 'web', quiet ?? '');
    await fails(m, 'host', web ?? '');
    await serving(m, { netns: 'db', port: 7000 }, async () => {
      await answers(m, 'web', [db ?? '', 7000], `db ${web}`);
    });
  },

  'pod-networks.yaml': async (m, family) => {
    const [cluster, storage, lan] = [
      { 4: '10.244.0', 6: 'fd00:244' },
      { 4: '10.5.0', 6: 'fd00:5' },
      { 4: '192.168.5', 6: 'fd00:192' },
    ];
    await passes(m, 'pod', address(cluster, family, 12));
    await passes(m, 'pod', address(storage, family, 13));
    await passes(m, 'pod', address(lan, family, 14));
    await passes(m, 'desk', address(lan, family, 11));
    await passes(m, 'nas', address(storage, family, 11));
    await passes(m, 'plain', address(cluster, family, 11));
    for (const [net, host] of [
      [storage, 13],
      [lan, 14],
      [storage, 11],
    ] as const)
      await fails(m, 'plain', address(net, family, host));
    await fails(m, 'nas', address(lan, family, 14));
    const defaults = await m.must(`ip -n pod -${family} route show default`);
    expect(
      defaults
        .trim()
        .split('\n')
        .map((line) => line.match(/dev \w+/)?.[0]),
    ).toEqual(['dev eth0']);
  },

  'anti-spoofing.yaml': proveAntiSpoofing,

  'isolated-ports.yaml': async (m, family) => {
    const [gateway, , other, server] = [1, 11, 12, 13].map((host) => address(guests, family, host));
    for (const open of [gateway, server]) await passes(m, 'guest-1', open ?? '');
    await passes(m, 'server', other ?? '');
    await fails(m, 'guest-1', other ?? '');
  },

  'static-fdb.yaml': async (m, family) => {
    const [camera, printer, thief] = [12, 13, 14].map((host) => address(cameras, family, host));
    await passes(m, 'viewer', camera ?? '');
    await passes(m, 'viewer', thief ?? '');
    await fails(m, 'viewer', printer ?? '');
  },

  'static-mdb.yaml': proveGroups,
};

const guests: Net = { 4: '10.44.0', 6: 'fd00:44' };
const cameras: Net = { 4: '10.45.0', 6: 'fd00:45' };

const shared: Net = { 4: '10.0.0', 6: 'fd00' };
const lan: Net = { 4: '192.168.15', 6: 'fd00:15' };
const lan1: Net = { 4: '192.168.1', 6: 'fd00:1' };
const lan2: Net = { 4: '192.168.2', 6: 'fd00:2' };
const outside: Net = { 4: '203.0.113', 6: '2001:db8' };
const shared1: Net = { 4: '10.1.0', 6: 'fd00:1' };
const shared2: Net = { 4: '10.2.0', 6: 'fd00:2' };
const services: Net = { 4: '10.9.0', 6: 'fd00:9' };
const peers: Net = { 4: '10.255.0', 6: 'fd00:255' };
const anycast: Net = { 4: '10.77.0', 6: 'fd00:77' };
const unreachable: Net = { 4: '10.78.0', 6: 'fd00:78' };
const docker: Net = { 4: '10.17.0', 6: 'fd00:17' };
const overlay: Net = { 4: '10.42.0', 6: 'fd00:42' };
const pods1: Net = { 4: '10.244.1', 6: 'fd00:244:1' };
const pods2: Net = { 4: '10.244.2', 6: 'fd00:244:2' };

const passes = async (m: Machine, from: string, to: string): Promise<void> =>
  expect(await pings(m, from, to), `${from} pings ${to}`).toBe(true);

const fails = async (m: Machine, from: string, to: string): Promise<void> =>
  expect(await silent(m, from, to), `${from} must not reach ${to}`).toBe(true);

async function answers(m: Machine, from: string, to: readonly [string, number], answer: string | RegExp) {
  const got = await tcp(m, from, { to: to[0], port: to[1], patienceMs: answer === '' ? 1500 : 8000 });
  if (typeof answer === 'string') expect(got, `${from} asks ${to.join(' port ')}`).toBe(answer);
  else expect(got, `${from} asks ${to.join(' port ')}`).toMatch(answer);
}
