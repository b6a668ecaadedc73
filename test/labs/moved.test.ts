import { describe, expect, test } from 'vitest';
import { eventually } from '../safety/interrupt.ts';
import { type Machine, withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const topology = `version: 1
name: moved
bridges:
  near: { subnet: [10.1.0.0/24, "fd00:1::/64"], address: [10.1.0.1, "fd00:1::1"], gateway: [10.1.0.3, "fd00:1::3"] }
  far: { subnet: [10.2.0.0/24, "fd00:2::/64"], gateway: [10.2.0.3, "fd00:2::3"] }
namespaces:
  client: { interfaces: { eth0: { bridge: near, address: [10.1.0.9, "fd00:1::9"] } } }
  server: { interfaces: { eth0: { bridge: far, address: [10.2.0.9, "fd00:2::9"] } } }
  router:
    forwarding: true
    interfaces:
      eth0: { bridge: near, address: [10.1.0.3, "fd00:1::3"] }
      wan: { bridge: far, address: [10.2.0.3, "fd00:2::3"] }
  spare:
    interfaces:
      eth0: { bridge: near, address: [10.1.0.4, "fd00:1::4"] }
      wan: { bridge: far, address: [10.2.0.4, "fd00:2::4"] }
  red: { interfaces: { eth0: { bridge: near, address: [10.1.0.5, "fd00:1::5"] } } }
  blue: { interfaces: { eth0: { bridge: near, address: [10.1.0.6, "fd00:1::6"] } } }
dns: { names: false }
`;

const RED = '[10.1.0.5, "fd00:1::5"]';
const BLUE = '[10.1.0.6, "fd00:1::6"]';
const given = topology
  .replace(RED, '[10.1.0.7, "fd00:1::7"]')
  .replace(BLUE, '[10.1.0.6, 10.1.0.5, "fd00:1::6", "fd00:1::5"]');
const redLine = topology.split('\n').find((line) => line.startsWith('  red:')) ?? '';

/** What is written instead, one after the other, and where the client goes. */
const moves: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["an address is given to another namespace, behind that one's own", [given], ['10.1.0.5', 'fd00:1::5']],
  ['a namespace has another name', [topology.replace('  red:', '  crimson:')], ['10.1.0.5', 'fd00:1::5']],
  ['a link has another MAC', [topology.replace(RED, `${RED}, mac: "02:00:00:00:00:07"`)], ['10.1.0.5', 'fd00:1::5']],
  [
    'a gateway moves',
    [topology.replace('router:', 'x:').replace('spare:', 'router:').replace('x:', 'spare:')],
    ['10.2.0.9', 'fd00:2::9'],
  ],
  [
    'a namespace goes, and later another one comes',
    [topology.replace(`${redLine}\n`, ''), topology.replace('  red:', '  other:')],
    ['10.1.0.5', 'fd00:1::5'],
  ],
];

describe.concurrent('who had spoken to an address reaches it as soon as apply has ended', () => {
  test.each(moves)('reaches it when %s', async (_, inputs, targets) => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', '-'], { input: topology });
      await meet(m, targets);
      for (const input of inputs) await runNetform(m, ['apply', '-'], { input });
      expect(await answers(m, targets)).toEqual(targets);
      await runNetform(m, ['apply', '-'], { input: topology });
      expect(await answers(m, targets), 'and back again').toEqual(targets);
    });
  });

  test('after a rollback, too', async () => {
    await withMachine(async (m) => {
      const targets = ['10.1.0.5', 'fd00:1::5'];
      await runNetform(m, ['apply', '-'], { input: topology });
      await runNetform(m, ['apply', '-', '--confirm', '60s'], { input: given });
      expect(await answers(m, targets)).toEqual(targets);
      await runNetform(m, ['rollback', 'moved']);
      expect(await answers(m, targets)).toEqual(targets);
    });
  });
});

test('of what nobody says the client hears nothing: it goes on where the address was', async () => {
  await withMachine(async (m) => {
    const targets = ['10.1.0.5', 'fd00:1::5'];
    await runNetform(m, ['apply', '-'], { input: topology });
    await meet(m, targets);
    await m.must('ip -n red address flush dev eth0 scope global');
    await m.must('ip -n blue address add 10.1.0.5/24 dev eth0');
    await m.must('ip -n blue address add fd00:1::5/64 dev eth0 nodad');
    for (const to of targets) expect(await silent(m, 'client', to)).toBe(true);
  });
});

/** Has the client speak to each, so that it knows their MACs. */
async function meet(m: Machine, targets: readonly string[]): Promise<void> {
  for (const to of targets) expect(await eventually(() => pings(m, 'client', to), true, 20)).toBe(true);
}

/** Those that answer the one packet that the client sends. */
async function answers(m: Machine, targets: readonly string[]): Promise<readonly string[]> {
  const answering: string[] = [];
  for (const to of targets) if (await pings(m, 'client', to)) answering.push(to);
  return answering;
}
