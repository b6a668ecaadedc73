import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import { pings, resolves } from '../support/traffic.ts';
import { address, type Family } from './address.ts';

const net = { 4: '10.53.0', 6: 'fd00:53' };

/** Names from hosts files, from a real DNS server through the search domain, and not at all. */
export async function proveNames(m: Machine, family: Family): Promise<void> {
  const [web, printer] = [address(net, family, 80), address(net, family, 99)];
  expect(await resolves(m, 'client', 'web')).toContain(web);
  expect(await resolves(m, 'client', 'www.lab.test')).toContain(web);
  expect(await pings(m, 'client', 'web')).toBe(true);
  await withDns(m, [address(net, family, 53), `printer.lab.test,${printer}`], async () => {
    expect(await resolves(m, 'client', 'printer'), 'short name, search domain, nameserver').toEqual([printer]);
    expect(await resolves(m, 'deaf', 'printer.lab.test'), 'deaf asks no nameserver').toEqual([]);
  });
  expect(await resolves(m, 'client', 'printer'), 'without the server').toEqual([]);
  expect(await resolves(m, 'host', 'web'), 'the machine itself').toEqual([]);
}

async function withDns(m: Machine, server: readonly [string, string], body: () => Promise<void>): Promise<void> {
  const [listen, record] = server;
  const dns = m.start([
    ...'ip netns exec ns dnsmasq --no-daemon --conf-file=/dev/null --pid-file='.split(' '),
    ...'--no-resolv --no-hosts --bind-interfaces --except-interface=lo --local=/lab.test/'.split(' '),
    `--listen-address=${listen}`,
    `--host-record=${record}`,
  ]);
  await m.must(`for i in $(seq 50); do ip netns exec ns ss -lun | grep -q ':53 ' && exit; sleep 0.1; done; exit 1`);
  try {
    await body();
  } finally {
    const gone = new Promise((resolve) => dns.once('close', resolve));
    await m.must('pkill -x dnsmasq');
    await gone;
  }
}
