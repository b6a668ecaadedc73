import { describe, expect, test } from 'vitest';
import { type Machine, withMachine } from '../support/machine.ts';
import { runNetform } from './run-netform.ts';

/** Everything that can be changed alone. Without names in hosts files, an address stands in one place only. */
const topology = `version: 1
name: one
bridges:
  lan: { subnet: [10.1.0.0/24, "fd00:1::/64"], address: [10.1.0.1, "fd00:1::1"] }
namespaces:
  red:
    interfaces:
      eth0: { bridge: lan, address: [10.1.0.11, "fd00:1::11"], mtu: 1500 }
    routes:
      - { to: 10.9.0.0/16, via: 10.1.0.12 }
  blue:
    interfaces:
      eth0: { bridge: lan, address: [10.1.0.12, "fd00:1::12"] }
    dns: { hosts: { db.lab.test: 10.1.0.99 } }
  green:
    interfaces:
      eth0: { bridge: lan, address: [10.1.0.13, "fd00:1::13"] }
portForwards:
  - 80 -> blue:80
dns:
  names: false
`;

/** What is written in the file, what instead, the one resource that it changes, and the links that may say something. */
const changes: readonly (readonly [string, string, string, string, readonly string[]])[] = [
  ['an IPv4 address', '10.1.0.11,', '10.1.0.21,', 'address:red/eth0', []],
  ['an IPv6 address', 'fd00:1::13"', 'fd00:1::23"', 'address:green/eth0', []],
  ['an MTU', 'mtu: 1500', 'mtu: 1400', 'veth:red/eth0', ['red eth0', 'host red-eth0', 'host lan']],
  ["a route's next hop", 'via: 10.1.0.12', 'via: 10.1.0.13', 'route:red/main/10.9.0.0/16', []],
  ["a forward's target", '80 -> blue:80', '80 -> blue:8080', 'nft:host/netform_one', []],
  ['a DNS name', 'db.lab.test', 'sql.lab.test', 'names:blue', []],
];

describe.concurrent('a change of one property is exactly that change', () => {
  test.each(changes)('changes only %s', async (_, before, after, id, mayStir) => {
    await withMachine(async (m) => {
      await runNetform(m, ['apply', '-'], { input: topology });
      const first = await m.snapshot();
      // The kernel tells of a new link's carrier up to a second late.
      await m.must('sleep 1.5');
      const changed = topology.replace(before, after);
      expect(changed).not.toBe(topology);

      const plan = JSON.parse((await runNetform(m, ['plan', '-', '--json'], { input: changed })).stdout);
      const operations: readonly { id: string; actions: readonly string[] }[] = plan.operations;
      expect(operations.map((each) => [each.id, each.actions])).toEqual([[id, ['update']]]);

      const stirred = await linkEvents(m, () => runNetform(m, ['apply', '-'], { input: changed }));
      expect(stirred.filter((event) => !mayStir.some((link) => event.startsWith(link)))).toEqual([]);
      expect(stirred.filter((event) => /Deleted|state DOWN|LOWERLAYERDOWN/.test(event))).toEqual([]);

      expect(await m.snapshot()).not.toBe(first);
      await runNetform(m, ['apply', '-'], { input: topology });
      expect(await m.snapshot(), 'changed back, all is as at first').toBe(first);
    });
  });
});

/** What `ip monitor link` says, in the machine and in each of its namespaces, while `body` runs: `red eth0 …`. */
async function linkEvents(m: Machine, body: () => Promise<unknown>): Promise<readonly string[]> {
  const events: string[] = [];
  const names = ['host', ...(await m.must('ls /run/netns')).split('\n').filter((name) => name !== '')];
  const monitors = names.map((netns) => {
    const enter = netns === 'host' ? [] : ['nsenter', `--net=/run/netns/${netns}`];
    const monitor = m.start([...enter, 'stdbuf', '-oL', 'ip', '-o', 'monitor', 'link']);
    monitor.stdout?.setEncoding('utf8').on('data', (text: string) => {
      events.push(
        ...text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => `${netns} ${line.replace(/^(Deleted )?\d+: ([^:@]+)/, '$2 $1')}`),
      );
    });
    return new Promise((resolve) => monitor.once('close', resolve));
  });
  await m.must(`for i in $(seq 400); do [ "$(pgrep -cx ip)" -ge ${names.length} ] && exit; sleep 0.05; done; exit 1`);
  await body();
  await m.must('sleep 0.2; pkill -x ip');
  await Promise.all(monitors);
  return events;
}
