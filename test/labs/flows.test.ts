import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { serving } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

/** A client outside, and a forward of each protocol to one of two servers. */
const lab = (forwards: readonly string[], nat: readonly string[] = []): string => `version: 1
name: flows
bridges: { lan: { subnet: [10.10.0.0/24, "fd10::/64"], address: [10.10.0.1, "fd10::1"] } }
namespaces:
  blue: { interfaces: { eth0: { bridge: lan, address: [10.10.0.2, "fd10::2"] } } }
  red: { interfaces: { eth0: { bridge: lan, address: [10.10.0.3, "fd10::3"] } } }
  client: { interfaces: { eth0: [203.0.113.9/24, "fd20::9/64"] } }
links: ["host:to-client -- client:eth0"]
host: { forwarding: true, interfaces: { to-client: [203.0.113.1/24, "fd20::1/64"] } }
portForwards: ${JSON.stringify(forwards)}
nat: [${nat.join(', ')}]
`;

test('packets of a flow that goes on follow the new rules, and flows of other forwards stay', async () => {
  await withMachine(async (m) => {
    const both = (body: () => Promise<void>) =>
      serving(m, { netns: 'blue', port: 80 }, () => serving(m, { netns: 'red', port: 80 }, body));
    await runNetform(m, ['apply', '-'], { input: lab(['8080/udp -> blue:80', '8081/udp -> blue:80']) });
    await both(async () => {
      const moved = talk(m, '203.0.113.1', 8080);
      const moved6 = talk(m, 'fd20::1', 8080);
      const kept = talk(m, '203.0.113.1', 8081);
      expect([await moved.hears(), await moved6.hears(), await kept.hears()]).toEqual(['blue', 'blue', 'blue']);
      await kept.end();
      await m.must(MINE);
      const mine = talk(m, '203.0.113.1', 9090);
      expect(await mine.hears()).toBe('blue');
      await mine.end();
      const others = await tracked(m, [8081, 9090]);
      expect(others.match(/dport=(?:8081|9090) /g)).toHaveLength(2);

      await runNetform(m, ['apply', '-'], { input: lab(['8080/udp -> red:80', '8081/udp -> blue:80']) });
      expect([await moved.hears(), await moved6.hears()]).toEqual(['red', 'red']);
      expect(await tracked(m, [8081, 9090]), 'nobody talks there now: they are as they were').toBe(others);

      await runNetform(m, ['apply', '-'], { input: lab(['8081/udp -> blue:80']) });
      expect([await moved.hears(), await moved6.hears()]).toEqual(['', '']);

      await runNetform(m, ['apply', '-'], { input: lab(['8080/udp -> blue:80', '8081/udp -> blue:80']) });
      expect([await moved.hears(), await moved6.hears()]).toEqual(['blue', 'blue']);
      expect(await tracked(m, [8081, 9090])).toBe(others);

      await runNetform(m, ['destroy', 'flows', '--yes']);
      expect(await tracked(m, [8080, 8081])).toBe('');
      await Promise.all([moved.end(), moved6.end()]);
    });
  });
});

test('a ping that goes on is translated from when it shall be, and no longer than that', async () => {
  await withMachine(async (m) => {
    const nat = ['{ masquerade: lan, out: to-client }'];
    await runNetform(m, ['apply', '-'], { input: lab(['1 -> blue'], []) });
    const ping = m.start(['ip', 'netns', 'exec', 'blue', 'ping', '-n', '-i', '0.1', '203.0.113.9']);
    const hears = listener(ping);
    expect(await hears(), 'the client has no way back').toBe('');
    await runNetform(m, ['apply', '-'], { input: lab(['1 -> blue'], nat) });
    expect(await hears()).toBe('64');
    await runNetform(m, ['apply', '-'], { input: lab(['1 -> blue'], []) });
    expect(await hears()).toBe('');
    await runNetform(m, ['apply', '-'], { input: lab(['1 -> blue'], ['{ snat: lan, as: 203.0.113.1 }']) });
    expect(await hears()).toBe('64');
    ping.kill();
  });
});

/** Somebody's own forward, to the very target. */
const MINE = `nft 'table ip mine { chain pre { type nat hook prerouting priority -101; udp dport 9090 dnat to 10.10.0.2:80; }; }'`;

/** A client that sends a datagram each tenth of a second, all from one port, and who answers. */
function talk(m: Machine, to: string, port: number) {
  const argv = [process.execPath, `${repository}test/support/talker.mjs`, to, String(port)];
  const talker = m.start(['ip', 'netns', 'exec', 'client', ...argv]);
  return {
    hears: listener(talker),
    end: async (): Promise<void> => {
      const gone = once(talker, 'close');
      talker.stdin?.end();
      await gone;
    },
  };
}

/** What comes from now on: its first word; empty when nothing comes. */
function listener({ stdout }: ChildProcess): () => Promise<string> {
  let heard = '';
  stdout?.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  return async () => {
    await setTimeout(300);
    heard = '';
    for (let i = 0; i < 20 && heard === ''; i++) await setTimeout(100);
    return heard.split(' ')[0] ?? '';
  };
}

/** The tracked connections to these ports, without what time changes. */
const tracked = async (m: Machine, ports: readonly number[]): Promise<string> =>
  (await m.sh('cat /proc/net/nf_conntrack')).stdout
    .split('\n')
    .filter((line) => ports.some((port) => line.includes(` dport=${port} `)))
    .map((line) => line.replace(/^.*?(?=src=)/, ''))
    .sort()
    .join('\n');
