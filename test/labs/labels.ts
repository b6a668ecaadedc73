import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import { pings, resolves, silent } from '../support/traffic.ts';
import { address, type Family } from './address.ts';

const net = { 4: '10.47.0', 6: 'fd00:47' };
const world = { 4: '203.0.113', 6: '2001:db8' };

/** Masquerade and a name for what has the labels, and not for what has others. */
export async function proveLabels(m: Machine, family: Family): Promise<void> {
  const outside = address(world, family, 9);
  for (const web of ['web-1', 'web-2']) expect(await pings(m, web, outside), web).toBe(true);
  expect(await pings(m, 'db', 'web-1'), 'on the LAN').toBe(true);
  expect(await silent(m, 'db', outside), 'not masqueraded').toBe(true);
  expect(await resolves(m, 'db', 'webs')).toEqual(
    expect.arrayContaining([11, 12].map((one) => address(net, family, one))),
  );
  expect(await resolves(m, 'db', 'webs')).not.toContain(address(net, family, 20));
}
