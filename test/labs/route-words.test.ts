import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

test('a next hop behind a written host route is valid, carries traffic, and goes without a trace (F08)', () =>
  withMachine(async (m) => {
    const file = 'test/field/08-hop-over-a-host-route.yaml';
    const before = await m.snapshot();
    expect((await runNetform(m, ['validate', file])).stdout).toContain('is valid');
    await runNetform(m, ['apply', file]);
    expect(await pings(m, 'vm', '198.51.100.1')).toBe(true);
    expect((await runNetform(m, ['plan', file])).stdout).toContain('Nothing to do');
    await runNetform(m, ['destroy', file, '--yes']);
    expect(await m.snapshot()).toBe(before);
  }));

/** Two hosts with an IPv6 link; their IPv4 addresses are on lo. */
const WORDS = `version: 1
name: words
namespaces:
  a:
    interfaces: { eth0: "fd00:1::1/64", eth1: 10.4.0.1/24, lo: 10.1.0.1/32 }
    routes:
      - { to: 10.2.0.1, via: "fd00:1::2", src: 10.1.0.1, advmss: 1200 }
      - { to: 10.3.0.1, type: blackhole }
      - { to: 10.3.0.1, via: "fd00:1::2", src: 10.1.0.1, tos: "0x10", rtoMin: 300ms }
      - { to: 10.5.0.0/24, via: [{ dev: eth1, weight: 2 }, 10.4.0.2] }
      - { to: "fd00:5::/64", via: "fd00:1::2", mtu: 1400, lock: mtu, pref: high }
  b:
    interfaces: { eth0: "fd00:1::2/64", eth1: [10.4.0.2/24, 10.5.0.7/32], lo: [10.2.0.1/32, 10.3.0.1/32, "fd00:5::1/128"] }
    routes: [{ to: 10.1.0.1, via: "fd00:1::1" }]
    forwarding: false
links: ["a:eth0 -- b:eth0", "a:eth1 -- b:eth1"]
dns: { names: false }
`;

test('routes by the other family, by a TOS and by a link among several carry traffic, change in place and are healed', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    const plan = async (input: string) => (await runNetform(m, ['plan', '-'], { input })).stdout;
    await runNetform(m, ['apply', '-'], { input: WORDS });
    const applied = await m.snapshot();
    expect(await pings(m, 'a', '10.2.0.1'), 'IPv4 by an IPv6 hop').toBe(true);
    expect(await pings(m, 'a', '-Q 0x10 10.3.0.1'), 'with the TOS').toBe(true);
    expect(await silent(m, 'a', '10.3.0.1'), 'without the TOS').toBe(true);
    expect(await pings(m, 'a', '10.5.0.7'), 'on the link, or by the hop').toBe(true);
    expect(await pings(m, 'a', 'fd00:5::1')).toBe(true);
    expect(await silent(m, 'a', 'fd00:5::2')).toBe(true);

    const changed = WORDS.replace('advmss: 1200', 'advmss: 1100, quickack: true').replace('300ms', '400ms');
    expect(await plan(changed)).toMatch(/advmss 1200[^\n]*advmss 1100, quickack 1[\s\S]*rto_min 400ms/);
    await runNetform(m, ['apply', '-'], { input: changed });
    expect(await m.must('ip -n a route show 10.3.0.1')).toMatch(/^10.3.0.1 tos 0x10 .*rto_min lock 400ms\s+blackhole/m);
    await runNetform(m, ['apply', '-'], { input: WORDS });
    expect(await m.snapshot(), 'as first applied').toBe(applied);

    await m.must(`set -e; ip -n a route change 10.2.0.1 via inet6 fd00:1::2 dev eth0 src 10.1.0.1 proto 78 window 5000
      ip -n a route del 10.3.0.1 tos 0x10; ip -n a route add 10.2.0.1 via inet6 fd00:1::2 dev eth0 tos 8`);
    const drift = await plan(WORDS);
    expect(drift).toMatch(/~ route +10.2.0.1\/32 .*window 5000/);
    expect(drift).toMatch(/\+ route +10.3.0.1\/32 .*tos 0x10.*was removed by hand/);
    expect(drift).toMatch(/\? route +10.2.0.1\/32 .*tos 0x8/);
    await runNetform(m, ['apply', '-', '--prune', '--yes'], { input: WORDS });
    expect(await m.snapshot(), 'healed').toBe(applied);
    await runNetform(m, ['destroy', 'words', '--yes']);
    expect(await m.snapshot()).toBe(before);
  }));
