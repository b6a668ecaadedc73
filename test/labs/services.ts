import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import { resolves, tcp, udp } from '../support/traffic.ts';
import { address, type Family } from './address.ts';
import { servingAll } from './spread.ts';

const pods = { 4: '10.210.0', 6: 'fd00:210' };
const outside = { 4: '10.99.0', 6: 'fd00:99' };

const PODS = ['web-1', 'web-2', 'web-3'];

/** The address of a service by the name of it, the node ports, a client that stays, and what is refused. */
export async function proveServices(m: Machine, family: Family): Promise<void> {
  const [client, node, inner] = [address(outside, family, 9), address(outside, family, 1), address(pods, family, 1)];
  const service = family === 4 ? '10.96.0.10' : 'fd00:96::10';
  expect(await resolves(m, 'client', 'web')).toContain(service);
  expect(await resolves(m, 'client', 'pods')).toEqual(
    expect.arrayContaining([2, 3, 4].map((pod) => address(pods, family, pod))),
  );
  const ask = (from: string, to: string, port: number) => tcp(m, from, { to, port });
  await servingAll(m, { names: PODS, port: 8080 }, async () => {
    const answers = new Set<string>();
    for (let i = 0; i < 40 && answers.size < PODS.length; i++) answers.add(await ask('client', service, 80));
    expect([...answers].sort()).toEqual(PODS.map((pod) => `${pod} ${client}`));
    expect(await udp(m, 'client', { to: service, port: 7 })).toMatch(new RegExp(`^web-\\d ${client}$`));
    expect(await ask('node', service, 80)).toMatch(/^web-\d /);
    const heard = new Set<string>();
    for (let i = 0; i < 40 && heard.size < PODS.length; i++) heard.add(await ask('web-1', service, 80));
    // An endpoint on the bridge of the client sees that; only one that calls itself sees the node.
    const neighbour = address(pods, family, 2);
    expect([...heard].sort()).toEqual([`web-1 ${inner}`, `web-2 ${neighbour}`, `web-3 ${neighbour}`]);
    expect(await udp(m, 'web-1', { to: service, port: 7 })).toMatch(/^web-\d /);
    expect(await ask('client', node, 30080)).toMatch(new RegExp(`^web-\\d ${inner}$`));
    expect(await ask('client', node, 30081)).toMatch(new RegExp(`^web-\\d ${client}$`));
    const steady = (await resolves(m, 'client', 'steady')).find((one) => one.includes(':') === (family === 6)) ?? '';
    const same = new Set([1, 2, 3, 4, 5].map(() => ask('client', steady, 80)));
    expect(new Set(await Promise.all(same)).size, 'one client stays with one endpoint').toBe(1);
    expect(await ask('client', service, 8080), 'a port of the endpoints alone').toBe('');
    const local = family === 4 ? '127.0.0.1' : '::1';
    expect(await ask('node', local, 30080), 'localhost has no node port').toBe('');
  });
}
