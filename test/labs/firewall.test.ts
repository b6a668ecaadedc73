import { expect, test } from 'vitest';
import { type Machine, withMachine } from '../support/machine.ts';
import { pings, udp } from '../support/traffic.ts';
import { knock } from './firewalls.ts';
import { runNetform } from './run-netform.ts';

const LAB = `
version: 1
name: walled
bridges:
  wan: { subnet: [10.74.0.0/24, "fd00:74::/64"] }
namespaces:
  router:
    bridges:
      lan: { subnet: [10.74.1.0/24, "fd00:74:1::/64"], address: [10.74.1.1, "fd00:74:1::1"] }
    interfaces: { eth0: { bridge: wan, address: [10.74.0.1, "fd00:74::1"] } }
    forwarding: true
    answers: { admin: 22, late: 23 }
    routes: [{ to: 10.74.1.2/32, dev: lan, mtu: 1300 }, { to: "fd00:74:1::2/128", dev: lan, mtu: 1300 }]
    firewall:
      input: drop
      forward: reject
      output: drop
      log: true
      clampMss: true
      deny: [{ from: { app: bad }, to: web-1, ports: [http] }]
      allow:
        - { to: { app: web }, ports: [http, 53/udp], log: web }
        - { from: { cidr: 10.74.0.0/24, except: [10.74.0.12] }, to: web-1, ports: [8443] }
        - { from: router, to: far, ports: [80] }
        - { in: eth0, to: web-1, proto: icmp }
        - { from: mid, out: lan, ports: [90-99] }
  web-1:
    labels: { app: web }
    interfaces: { eth0: { bridge: "router:lan", address: [10.74.1.2, "fd00:74:1::2"] } }
    answers: { http: 80, other: 81, more: 95, tls: 8443, dns: 53/udp }
  web-2:
    labels: { app: web }
    interfaces: { eth0: { bridge: "router:lan", address: [10.74.1.3, "fd00:74:1::3"] } }
    answers: { http: 80, other: 81 }
  far: { interfaces: { eth0: { bridge: wan, address: [10.74.0.11, "fd00:74::11"] } }, routes: &way [{ to: default, via: 10.74.0.1 }, { to: default, via: "fd00:74::1" }], answers: [80, 81] }
  bad: { labels: { app: bad }, interfaces: { eth0: { bridge: wan, address: [10.74.0.12, "fd00:74::12"] } }, routes: *way }
  mid: { interfaces: { eth0: { bridge: wan, address: [10.74.0.13, "fd00:74::13"] } }, routes: *way }
services:
  shop: { to: web-1, ports: { http: 80 }, nodes: [router], clusterIP: [10.96.7.4, "fd00:96::74"] }
policies:
  web-2: { select: web-2, ingress: [{ from: far }] }
`;

const apply = (m: Machine, input: string) => runNetform(m, ['apply', '-', '--yes'], { input });

async function isWalled(m: Machine): Promise<void> {
  for (const [web1, web2, far, router, shop] of [
    ['10.74.1.2', '10.74.1.3', '10.74.0.11', '10.74.0.1', '10.96.7.4'],
    ['fd00:74:1::2', 'fd00:74:1::3', 'fd00:74::11', 'fd00:74::1', 'fd00:96::74'],
  ] as const) {
    const isSix = web1.includes(':');
    const found = await Promise.all(
      (
        [
          ['far', web1, 80, 'open'],
          ['mid', web1, 80, 'open'],
          ['bad', web1, 80, 'silent'],
          ['far', web1, 81, 'refused'],
          // Networks of one family.
          ['far', web1, 8443, isSix ? 'refused' : 'open'],
          ['bad', web1, 8443, 'refused'],
          ['mid', web1, 95, 'open'],
          ['far', web1, 95, 'refused'],
          // The router: what it sends, and what is sent to it.
          ['router', far, 80, 'open'],
          ['router', far, 81, 'silent'],
          ['far', router, 22, 'silent'],
          ['web-1', router, 22, 'silent'],
          // Replies pass, new connections do not.
          ['web-1', far, 80, 'refused'],
          // A service is let through, and what it is not for is not.
          ['far', shop, 80, 'open'],
          ['bad', shop, 80, 'silent'],
          // Policy and firewall: each alone says no.
          ['far', web2, 80, 'open'],
          ['mid', web2, 80, 'silent'],
          ['far', web2, 81, 'refused'],
          // Within a LAN whose frames pass netfilter, because of the policy.
          ['web-2', web1, 81, 'open'],
          ['web-1', web2, 81, 'silent'],
        ] as const
      ).map(async ([from, to, port, said]) => ({
        from,
        to,
        port,
        said,
        found: await knock(m, from, [to, port, said]),
      })),
    );
    expect(found.filter(({ said, found }) => said !== found)).toEqual([]);
    for (const from of ['far', 'bad']) expect(await udp(m, from, { to: web1, port: 53 }), from).toContain('web-1');
    expect(await pings(m, 'far', web1)).toBe(true);
    expect((await m.sh(`ip netns exec far ping -c1 -W1 ${web2}`)).stdout, 'is told').toContain('nreachable');
    const held = `exec 3<>/dev/tcp/${web1}/80; ss -tin "dport = :80"`;
    expect((await m.sh(`ip netns exec far bash --norc -c '${held}'`)).stdout, 'MSS').toContain(
      `mss:${isSix ? 1228 : 1248} `,
    );
  }
}

const opens = async (m: Machine, input: string): Promise<boolean> =>
  JSON.parse((await runNetform(m, ['plan', '-', '--json'], { input })).stdout).risk.opens;

test('a firewall lets pass what it says, with services and policies, is healed, and goes', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    // The log of the kernel has lines of its first network only, unless that says otherwise, which a machine of the tests is not: its
    // lines cannot be read here, and netform says so.
    expect((await apply(m, LAB)).stderr).toContain('NF3026');
    expect(await m.must('ip netns exec router nft list table inet netform_walled')).toContain(
      'tcp dport 80 limit rate 10/second burst 20 packets log prefix "web "',
    );
    expect((await runNetform(m, ['plan', '-'], { input: LAB })).stdout).toMatch(/Nothing to do\.$/m);
    await isWalled(m);
    await m.must('ip netns exec router nft flush chain inet netform_walled firewall-through');
    await m.must('ip netns exec router nft insert rule inet netform_walled firewall-in accept');
    const drift = (await runNetform(m, ['plan', '-', '--exit-code'], { input: LAB, code: 10 })).stdout;
    expect(drift).toMatch(/"accept" was added by hand/);
    await apply(m, LAB);
    await isWalled(m);
    const change = (from: string, to: string): string => {
      expect(LAB).toContain(from);
      return LAB.replace(from, to);
    };
    expect(await opens(m, change('output: drop', 'output: accept'))).toBe(true);
    expect(await opens(m, change('deny: [{ from: { app: bad }, to: web-1, ports: [http] }]', ''))).toBe(true);
    expect(await opens(m, change('{ from: router, to: far, ports: [80] }', '{ from: router, to: far }'))).toBe(true);
    expect(await opens(m, LAB.replace(/^ {4}firewall:\n(?: {6,}.*\n)*/m, ''))).toBe(true);
    expect(await opens(m, change('ports: [90-99]', 'ports: [91]'))).toBe(false);
    expect(await opens(m, change('input: drop', 'input: reject'))).toBe(false);
    expect(await opens(m, change('deny: [', 'deny: [{ from: mid }, '))).toBe(false);
    // A connection that is there goes on when what let it in is gone.
    const line =
      "exec 3<>/dev/tcp/10.74.1.2/95; while [ ! -e /run/on ]; do sleep 0.05; done; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3";
    const held = m.sh(`ip netns exec mid timeout 60 bash --norc -c "${line}"`);
    await m.must(
      'for n in $(seq 200); do ip netns exec web-1 ss -tnH state established | grep -q :95 && break; sleep 0.05; done',
    );
    await apply(m, change('        - { from: mid, out: lan, ports: [90-99] }\n', ''));
    expect(await knock(m, 'mid', ['10.74.1.2', 95, 'refused'])).toBe('refused');
    await m.must('touch /run/on');
    expect((await held).stdout).toContain('Name: web-1');
    await runNetform(m, ['destroy', 'walled', '--yes']);
    expect(await m.snapshot()).toBe(before);
  }));

test('a new router is never open for a moment', () =>
  withMachine(async (m) => {
    // Without the router, what is behind it, and routes by it.
    const early = LAB.replace(/^ {2}router:\n(?: {4,}.*\n)*/m, '')
      .replaceAll(/^ {2}web-\d:\n(?: {4,}.*\n)*/gm, '')
      .replace(/^services:[\s\S]*/m, '')
      .replaceAll(/, routes: (?:&way \[.*?\]|\*way)/g, '');
    await apply(m, early);
    const knocking = m.sh(
      `ip netns exec far sh -c 'while [ ! -e /run/enough ]; do timeout 0.2 bash --norc -c "exec 3<>/dev/tcp/10.74.0.1/22" && echo open; done' 2>/dev/null`,
    );
    await apply(m, LAB);
    expect(await knock(m, 'far', ['10.74.1.2', 80, 'open'])).toBe('open');
    await m.must('touch /run/enough');
    expect((await knocking).stdout).toBe('');
  }));
