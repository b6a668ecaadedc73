import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import { repository } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { address, type Family, type Net } from './address.ts';

const office: Net = { 4: '10.20.0', 6: 'fd00:20' };
const wan: Net = { 4: '10.21.0', 6: 'fd00:21' };
const PACKETS = 2000;
const RATE = 10_000_000;

/** What leaves `video` is lost by chance, what comes to it is not; the line between `hub` and `branch` keeps to its rate both ways. */
export async function proveBadLines(m: Machine, family: Family): Promise<void> {
  const [studio, video, desk] = [1, 2, 3].map((host) => address(office, family, host));
  const [hub, branch] = [1, 2].map((host) => address(wan, family, host));
  for (let tries = 0; tries < 20 && !(await pings(m, 'video', studio ?? '')); tries++);
  const arrived = await packetsTo(m, ['video', 'studio'], studio ?? '');
  const expected = PACKETS * 0.7;
  expect(Math.abs(arrived - expected), `${arrived} of ${PACKETS}`).toBeLessThan(5 * Math.sqrt(PACKETS * 0.7 * 0.3));
  expect(await packetsTo(m, ['studio', 'video'], video ?? '')).toBeGreaterThanOrEqual(PACKETS);
  expect(await pings(m, 'studio', desk ?? '')).toBe(true);
  for (const [from, to, where] of [
    ['branch', 'hub', hub],
    ['hub', 'branch', branch],
  ] as const) {
    expect(await pings(m, from, where ?? '')).toBe(true);
    const rate = await rateTo(m, [from, to], where ?? '');
    expect(rate, `${from} to ${to}`).toBeGreaterThan(0.3 * RATE);
    expect(rate, `${from} to ${to}`).toBeLessThan(1.25 * RATE);
  }
  expect(await silent(m, 'branch', desk ?? '')).toBe(true);
}

type Way = readonly [from: string, to: string];

/** How many of `PACKETS` datagrams come to the other end. */
async function packetsTo(m: Machine, [from, to]: Way, where: string): Promise<number> {
  const before = await received(m, to);
  await m.must(`${send(from)} ${where} packets ${PACKETS}`);
  return (await received(m, to)).packets - before.packets;
}

/** A busy machine sends less. Bits a second of a second of datagrams that are sent as fast as they are taken. */
async function rateTo(m: Machine, [from, to]: Way, where: string): Promise<number> {
  const before = await received(m, to);
  const seconds = Number(await m.must(`${send(from)} ${where} seconds 1`));
  return (((await received(m, to)).bytes - before.bytes) * 8) / seconds;
}

const send = (from: string): string => `ip netns exec ${from} perl ${repository}test/support/datagrams.pl`;

async function received(m: Machine, netns: string): Promise<{ readonly packets: number; readonly bytes: number }> {
  const dev = netns === 'hub' || netns === 'branch' ? 'wan0' : 'eth0';
  const [{ stats64 }] = JSON.parse(await m.must(`ip -n ${netns} -s -j link show ${dev}`));
  return stats64.rx;
}
