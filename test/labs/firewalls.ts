import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import { pings, serving, silent, tcp, udp } from '../support/traffic.ts';
import { address, type Family } from './address.ts';
import { foreignAddress, ownAddress } from './foreign-objects.ts';

/** What a program learns that connects: `open`, `refused` at once, or `silent`. */
type Knocked = 'open' | 'refused' | 'silent';

/** Connects. An answer that is expected is waited for: the machine may be busy. */
export async function knock(
  m: Machine,
  from: string,
  [to, port, expected]: readonly [string, number, Knocked],
): Promise<Knocked> {
  const enter = from === 'host' ? '' : `ip netns exec ${from} `;
  const ended = await m.sh(
    `${enter}timeout ${expected === 'silent' ? 0.5 : 15} bash --norc -c 'exec 3<>/dev/tcp/${to}/${port}'`,
  );
  if (ended.code === 0) return 'open';
  return /refused/.test(ended.stderr) ? 'refused' : 'silent';
}

const inner = { 4: '10.71.1', 6: 'fd00:71:1' };
const guests = { 4: '10.71.2', 6: 'fd00:71:2' };
const wan = { 4: '203.0.113', 6: 'fd00:113' };

/** A router that lets pass what is listed, forwards a port, and refuses guests. */
export async function proveFirewall(m: Machine, family: Family): Promise<void> {
  const [isp, web, router] = [address(wan, family, 9), address(inner, family, 3), address(wan, family, 1)];
  const ask = (from: string, to: string, port: number) => tcp(m, from, { to, port });
  const datagram = (from: string, port: number, patienceMs = 8000) => udp(m, from, { to: isp, port, patienceMs });
  await serving(m, { netns: 'isp', port: 80 }, async () => {
    expect(await ask('pc', isp, 80)).toBe(`isp ${router}`);
    expect(await ask('guest', isp, 80)).toBe(`isp ${router}`);
  });
  await serving(m, { netns: 'isp', port: 81 }, async () => {
    expect(await ask('pc', isp, 81)).toBe(`isp ${router}`);
    expect(await datagram('pc', 81)).toBe(`isp ${router}`);
    expect(await knock(m, 'guest', [isp, 81, 'silent'])).toBe('silent');
    expect(await datagram('guest', 81, 400)).toBe('');
  });
  await serving(m, { netns: 'isp', port: 53 }, async () => {
    expect(await datagram('guest', 53)).toBe(`isp ${router}`);
    expect(await knock(m, 'guest', [isp, 53, 'silent'])).toBe('silent');
  });
  await serving(m, { netns: 'web', port: 80 }, async () => {
    expect(await ask('isp', router, 8080)).toBe(`web ${isp}`);
    expect(await ask('pc', web, 80)).toMatch(/^web /);
    expect(await knock(m, 'isp', [web, 80, 'silent'])).toBe('silent');
    expect(await knock(m, 'guest', [web, 80, 'refused'])).toBe('refused');
  });
  await serving(m, { netns: 'router', port: 22 }, async () => {
    expect(await ask('pc', address(inner, family, 1), 22)).toMatch(/^router /);
    expect(await knock(m, 'guest', [address(guests, family, 1), 22, 'silent'])).toBe('silent');
    expect(await knock(m, 'isp', [router, 22, 'silent'])).toBe('silent');
  });
  expect(await pings(m, 'pc', isp)).toBe(true);
  expect(await pings(m, 'guest', address(guests, family, 1))).toBe(true);
  expect(await silent(m, 'guest', isp)).toBe(true);
  expect(await silent(m, 'isp', router)).toBe(true);
  // What the router itself sends is not filtered, and its answers come in.
  expect(await pings(m, 'router', isp)).toBe(true);
}

const zone = (nth: number) => ({ 4: `10.72.${nth}`, 6: `fd00:72:${nth}` });

/** Three zones, the machine that is the router, and a link of it that is none of the lab's. */
export async function proveDmz(m: Machine, family: Family): Promise<void> {
  const [db, shop, mail] = [address(zone(1), family, 3), address(zone(2), family, 2), address(zone(2), family, 3)];
  const visitor = address(zone(3), family, 2);
  const [inside, outside] = [address(zone(1), family, 1), address(zone(3), family, 1)];
  const open = async (netns: string, [to, port]: readonly [string, number], from: Readonly<Record<string, Knocked>>) =>
    serving(m, { netns, port }, async () => {
      for (const [one, said] of Object.entries(from))
        expect(await knock(m, one, [to, port, said]), `${one} ${to} ${port}`).toBe(said);
    });
  await open('shop', [shop, 80], { visitor: 'open', pc: 'open', mail: 'open' });
  await open('shop', [shop, 22], { visitor: 'silent', pc: 'open', host: 'open' });
  await open('mail', [mail, 25], { visitor: 'open', pc: 'open' });
  await open('mail', [mail, 80], { visitor: 'silent' });
  await open('db', [db, 5432], { shop: 'open', mail: 'silent', visitor: 'silent', pc: 'open' });
  await open('visitor', [visitor, 80], { pc: 'open', shop: 'silent', host: 'open' });
  await open('host', [inside, 22], { pc: 'open', visitor: 'refused', shop: 'refused', stranger: 'silent' });
  await open('host', [outside, 22], { visitor: 'refused' });
  expect(await pings(m, 'pc', inside)).toBe(true);
  expect(await pings(m, 'pc', shop)).toBe(true);
  expect(await silent(m, 'visitor', outside)).toBe(true);
  expect(await silent(m, 'visitor', shop)).toBe(true);
  // The machine's own link.
  expect(await pings(m, 'stranger', ownAddress[family])).toBe(true);
  expect(await pings(m, 'host', foreignAddress[family])).toBe(true);
  await open('host', [ownAddress[family], 23], { stranger: 'open' });
}
