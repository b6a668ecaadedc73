import { expect } from 'vitest';
import { withGuest } from '../support/guest.ts';
import type { Machine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { address, type Family, type Net } from './address.ts';

const guests: Net = { 4: '10.4.0', 6: 'fd00:4' };
const vpn: Net = { 4: '10.8.0', 6: 'fd00:8' };

/** A guest that attaches to each kind of link is on its LAN; one that is away, or another address, does not answer. */
export async function proveGuests(m: Machine, family: Family): Promise<void> {
  const [client, guest, other] = [2, 50, 51].map((host) => address(guests, family, host));
  const tunnel = address(vpn, family, 2);
  for (const absent of [guest, other, tunnel]) await fails(m, 'client', absent ?? '');
  await withGuest(m, { mode: 'tap', link: 'tap0', address: guest ?? '' }, async () => {
    await passes(m, 'client', guest ?? '');
    await passes(m, 'vm', client ?? '');
    await fails(m, 'client', other ?? '');
  });
  await withGuest(m, { mode: 'macvtap', netns: 'node', link: 'guest1', address: other ?? '' }, async () => {
    await passes(m, 'client', other ?? '');
    // A namespace and what stands on a link of it do not hear each other.
    await fails(m, 'node', other ?? '');
  });
  await withGuest(m, { mode: 'tun', netns: 'gate', link: 'tun0', address: tunnel }, async () => {
    await passes(m, 'client', tunnel);
    await fails(m, 'host', tunnel);
  });
}

const passes = async (m: Machine, from: string, to: string): Promise<void> =>
  expect(await pings(m, from, to), `${from} pings ${to}`).toBe(true);

const fails = async (m: Machine, from: string, to: string): Promise<void> =>
  expect(await silent(m, from, to), `${from} must not reach ${to}`).toBe(true);
