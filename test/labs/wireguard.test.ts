import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NETFORM } from '../safety/interrupt.ts';
import { wireguard } from '../support/fetched-programs.ts';
import { type Machine, withMachine } from '../support/machine.ts';
import { pings, serving, silent, tcp } from '../support/traffic.ts';
import { pidFile, wg } from '../support/wireguard.ts';
import { runNetform } from './run-netform.ts';

const FILE = 'topologies/programs/wireguard.yaml';
const LAB = readFileSync(FILE, 'utf8');
const A = { lab: 'wireguard', netns: 'a' };
const B = { lab: 'wireguard', netns: 'b' };

const planned = async (m: Machine, file = FILE) => (await runNetform(m, ['plan', file])).stdout;

/** What a lab with keys and processes leaves when it is gone: nothing. */
async function expectNothingLeft(m: Machine, before: string): Promise<void> {
  expect(await m.snapshot()).toBe(before);
  expect(await m.must('ls -A /run/netform; ls -A /run/wireguard 2>/dev/null || true')).toBe('lock\n');
  expect(await m.must('pgrep -l wireguard || true')).toBe('');
  expect(await m.must('ls -A /var/lib/netform')).toBe('');
}

/** How many times a text stands in what passes a port of the bridge while a command runs. */
async function textsSeen(m: Machine, command: string): Promise<number> {
  await m.must(`tcpdump --immediate-mode -i a-eth0 -U -w /run/seen.pcap >/dev/null 2>&1 & echo $! >/run/tcpdump.pid
    while ! test -s /run/seen.pcap; do sleep 0.02; done
    ${command}
    sleep 0.2; kill $(cat /run/tcpdump.pid); while kill -0 $(cat /run/tcpdump.pid) 2>/dev/null; do sleep 0.02; done`);
  return Number(await m.must('grep -aoc netformnetform /run/seen.pcap || true'));
}

test('a kernel without WireGuard needs a program, and the plan says which and why', () =>
  withMachine(async (m) => {
    const plan = await runNetform(m, ['plan', FILE], { code: 3 });
    expect(plan.stderr).toContain('wireguard-go is needed here because this kernel has no WireGuard');
    expect(plan.stderr).toContain('apt-get install wireguard-go');
  }));

describe.skipIf(wireguard.missing !== null)(`WireGuard (${wireguard.missing ?? 'wireguard-go'})`, () => {
  test('a tunnel by names is encrypted, keeps its keys to itself, and is mended when it was changed by hand', () =>
    withMachine(async (m) => {
      await wireguard.install(m);
      const before = await m.snapshot();
      const commands = await runNetform(m, ['plan', FILE, '--commands']);
      expect(commands.stdout).toMatch(/wg set wg0 listen-port 51820 fwmark 0 private-key \S+wg0.key peer \S+ endpoint/);
      await runNetform(m, ['apply', FILE, '--yes']);
      const applied = await m.snapshot();
      for (const [from, to] of [
        ['a', '10.9.0.2'],
        ['b', '10.9.0.1'],
        ['a', 'fd09::2'],
        ['a', '10.77.0.1'],
      ])
        expect(await pings(m, from ?? '', to ?? ''), `${from} to ${to}`).toBe(true);
      for (const to of ['10.9.0.2', 'fd09::2'])
        await serving(m, { netns: 'b', port: 80 }, async () => {
          expect(await tcp(m, 'a', { to, port: 80 })).toMatch(/^b /);
        });
      for (const to of ['10.9.0.1', 'fd09::1']) expect(await silent(m, 'eve', to)).toBe(true);
      const text = '-n -c2 -i0.2 -p 6e6574666f726d'; // netform
      expect(await textsSeen(m, `ip netns exec a ping ${text} 192.168.50.2 >/dev/null`)).toBeGreaterThan(0);
      for (const to of ['10.9.0.2', 'fd09::2'])
        expect(await textsSeen(m, `ip netns exec a ping ${text} ${to} >/dev/null`)).toBe(0);

      const key = (await m.must('cat /run/netform/labs/wireguard/a/wg0.key')).trim();
      expect(key).toMatch(/^[A-Za-z0-9+/]{43}=$/);
      const json = await runNetform(m, ['plan', FILE, '--json']);
      const show = await runNetform(m, ['show', 'wireguard', '--json']);
      const state = await m.must('cat /var/lib/netform/wireguard/state.json; ps axww');
      for (const said of [json.stdout, show.stdout, state]) expect(said).not.toContain(key);
      expect(
        await m.must(`find /run/netform /var/lib/netform -type f -perm /077 -exec grep -l '${key}' {} +; true`),
      ).toBe('');

      // Another key: nothing passes, until it is what it was.
      await wg(m, B, 'genkey >/run/other && chmod 600 /run/other');
      await wg(m, B, 'set wg0 private-key /run/other');
      expect(await silent(m, 'a', '10.9.0.2')).toBe(true);
      expect(await planned(m)).toMatch(/~ device +wg0 +another private key/);
      await runNetform(m, ['apply', FILE, '--yes']);
      expect(await pings(m, 'a', '10.9.0.2')).toBe(true);
      const peer = (await wg(m, A, 'show wg0 peers')).trim();
      await wg(m, A, `set wg0 peer ${peer} allowed-ips 10.9.0.9/32 endpoint 192.168.50.3:9 persistent-keepalive 5`);
      await wg(m, B, `set wg0 listen-port 51999 peer $(wg genkey | wg pubkey) allowed-ips 10.1.0.0/16`);
      const drift = await planned(m);
      expect(drift).toMatch(/~ peer +wg0 b:wg0 +endpoint 192.168.50.3:9 → 192.168.50.2:51820, allowed 10.9.0.9\/32 → /);
      expect(drift).toMatch(/~ device +wg0 +port 51999 → port 51820/);
      expect(drift).toMatch(/- peer +wg0 \S{8}…/);
      await runNetform(m, ['apply', FILE, '--yes']);
      expect(await pings(m, 'a', 'fd09::2')).toBe(true);

      await m.must(`kill -9 $(cat ${pidFile(A)}); sleep 0.2`);
      expect(await planned(m)).toMatch(/± process +wireguard-go-wg0 +has ended: started again/);
      await runNetform(m, ['apply', FILE, '--yes']);
      expect(await pings(m, 'a', '10.77.0.1')).toBe(true);
      expect((await m.must('cat /run/netform/labs/wireguard/a/wg0.key')).trim()).toBe(key);
      expect(await planned(m)).toContain('Nothing to do.');
      expect(await m.snapshot()).toBe(applied);

      // A second lab has links of the same name.
      const second = LAB.replace('name: wireguard', 'name: second')
        .replaceAll(/^ {2}(a|b|eve):/gm, '  $12:')
        .replaceAll('a:wg0', 'a2:wg0')
        .replaceAll('b:wg0', 'b2:wg0')
        .replaceAll('lan', 'lan2')
        .replaceAll('192.168.50', '192.168.51')
        .replaceAll('fd00:50', 'fd00:51');
      await m.sh('cat >/run/second.yaml', { input: second });
      await runNetform(m, ['apply', '/run/second.yaml', '--yes']);
      expect(await pings(m, 'a2', '10.9.0.2')).toBe(true);
      expect(await pings(m, 'a', '10.9.0.2')).toBe(true);
      await runNetform(m, ['destroy', 'second', '--yes']);
      expect(await pings(m, 'a', '10.9.0.2')).toBe(true);
      await runNetform(m, ['destroy', 'wireguard', '--yes']);
      await expectNothingLeft(m, before);
    }));

  test('a saved plan is applied with keys of its own, and is stale when anything else has changed', () =>
    withMachine(async (m) => {
      await wireguard.install(m);
      await m.must('cat >/run/lab.yaml', { input: LAB });
      await runNetform(m, ['plan', '/run/lab.yaml', '-o', '/run/lab.plan']);
      await m.must('sed -i s/51820/51821/g /run/lab.yaml');
      const stale = await runNetform(m, ['apply', '/run/lab.plan', '--yes'], { code: 9 });
      expect(stale.stderr).toContain('/run/lab.yaml has changed');
      await m.must('cat >/run/lab.yaml', { input: LAB });
      await runNetform(m, ['apply', '/run/lab.plan', '--yes']);
      expect(await pings(m, 'a', '10.9.0.2')).toBe(true);
      const keys = await m.must('cat /run/netform/labs/wireguard/*/wg0.key');
      expect(await m.must('cat /run/lab.plan')).not.toContain(keys.split('\n')[0]);
      await runNetform(m, ['destroy', 'wireguard', '--yes']);
    }));

  test('road warriors call an office from behind a NAT, and over IPv6', () =>
    withMachine(async (m) => {
      await wireguard.install(m);
      const before = await m.snapshot();
      const file = 'topologies/programs/wireguard-nat.yaml';
      await runNetform(m, ['apply', file, '--yes']);
      const server4 = /inet (\S+)\//.exec(await m.must('ip -n server -4 -o address show eth0'))?.[1] ?? '';
      const server6 = /inet6 (fd\S+)\//.exec(await m.must('ip -n server -6 -o address show eth0'))?.[1] ?? '';
      expect(await silent(m, 'office', '192.168.1.2')).toBe(true);
      // What is sent before the NAT is there is lost, and sent again after five seconds (REKEY_TIMEOUT).
      for (const from of ['laptop', 'phone']) await m.must(`ip netns exec ${from} ping -n -c1 -w20 10.9.0.1`);
      for (const [from, to] of [
        ['laptop', '10.9.0.1'],
        ['laptop', server4],
        ['laptop', server6],
        ['phone', 'fd00:9::1'],
        ['phone', server6],
        ['phone', server4],
        ['laptop', '10.9.0.3'],
        ['laptop', 'fd00:9::3'],
        ['office', '10.9.0.2'],
      ])
        expect(await pings(m, from ?? '', to ?? ''), `${from} to ${to}`).toBe(true);
      expect(await silent(m, 'home', server4)).toBe(true);
      const endpoints = await wg(m, { lab: 'wireguard-nat', netns: 'office' }, 'show wg0 endpoints');
      expect(endpoints).toMatch(/\t203\.0\.113\.\d+:\d+/);
      expect(endpoints).toMatch(/\t\[2001:db8:1::/);
      // Where a peer called from is no difference.
      expect(await planned(m, file)).toContain('Nothing to do.');
      await runNetform(m, ['destroy', file, '--yes']);
      await expectNothingLeft(m, before);
    }));

  test('keys from files and credentials are read with care, and given back', () =>
    withMachine(async (m) => {
      await wireguard.install(m);
      const before = await m.snapshot();
      const write = (a: string, b: string) =>
        m.sh('cat >/run/lab/lab.yaml', {
          input: LAB.replace('listenPort: 51820\n', `listenPort: 51820\n          privateKey: ${a}\n`).replace(
            '{ listenPort: 51820, peers: [{ to: "a:wg0" }] }',
            `{ listenPort: 51820, privateKey: ${b}, peers: [{ to: "a:wg0" }] }`,
          ),
        });
      await m.must(
        'mkdir -p /run/lab/keys /run/creds; (umask 077; for n in 1 2; do wg genkey >/run/lab/keys/$n; done; wg genkey >/run/creds/wg0)',
      );
      await write('{ file: keys/none }', '{ credential: wg0 }');
      const wrong = await runNetform(m, ['plan', '/run/lab/lab.yaml'], { code: 3 });
      expect(wrong.stderr).toContain('there is no key in /run/lab/keys/none');
      expect(wrong.stderr).toContain('$CREDENTIALS_DIRECTORY is not set');
      await write('{ file: keys/1 }', '{ file: keys/2 }');
      await m.must('chmod 640 /run/lab/keys/1; echo short >/run/lab/keys/2');
      const open = await runNetform(m, ['plan', '/run/lab/lab.yaml'], { code: 3 });
      expect(open.stderr).toContain('others than its owner can read the key in /run/lab/keys/1 (mode 640)');
      expect(open.stderr).toContain('/run/lab/keys/2 does not hold a key of WireGuard');
      await m.must('chmod 600 /run/lab/keys/1; wg genkey >/run/lab/keys/2');

      await write('{ file: keys/1 }', '{ credential: wg0 }');
      const withCredentials = `CREDENTIALS_DIRECTORY=/run/creds ${NETFORM}`;
      await m.must(`${withCredentials} apply /run/lab/lab.yaml --yes`);
      expect(await pings(m, 'a', '10.9.0.2')).toBe(true);
      const publicKey = async () => (await wg(m, A, 'show wg0 public-key')).trim();
      const first = await publicKey();
      expect(first).toBe((await m.must('wg pubkey </run/lab/keys/1')).trim());

      // Another key, and back by rollback although its file is gone.
      await write('{ file: keys/2 }', '{ credential: wg0 }');
      await m.must(`${withCredentials} apply /run/lab/lab.yaml --yes --confirm 60s`);
      expect(await publicKey()).not.toBe(first);
      await m.must('rm /run/lab/keys/1');
      await runNetform(m, ['rollback']);
      expect(await publicKey()).toBe(first);
      expect(await pings(m, 'a', 'fd09::2')).toBe(true);
      await runNetform(m, ['destroy', 'wireguard', '--yes']);
      await m.must('rm -r /run/lab /run/creds /run/netform/confirm.wireguard.log');
      await expectNothingLeft(m, before);
    }));

  test('a link of the machine itself keeps its port, and calls from another family are no difference', () =>
    withMachine(async (m) => {
      await wireguard.install(m);
      const before = await m.snapshot();
      const input = `version: 1
name: wireguard
bridges: { lan: { subnet: [192.168.50.0/24, "fd00:50::/64"], address: [192.168.50.254, "fd00:50::fe"], gateway: none } }
host:
  forwarding: false
  interfaces: { wg7: { wireguard: { listenPort: 51820, peers: [{ to: "a:wg0" }] }, address: 10.9.0.254/24 } }
namespaces:
  a:
    interfaces:
      eth0: { bridge: lan }
      wg0: { wireguard: { listenPort: 51820, peers: [{ to: "host:wg7", endpoint: "[fd00:50::fe]:51820" }] }, address: 10.9.0.1/24 }
`;
      await runNetform(m, ['apply', '-', '--yes'], { input });
      // The machine calls by IPv4 where the other end was to call by IPv6.
      expect(await pings(m, 'host', '10.9.0.1')).toBe(true);
      expect((await wg(m, A, 'show wg0 endpoints')).trim()).toMatch(/\t192\.168\.50\.254:51820$/);
      expect((await runNetform(m, ['plan', '-'], { input })).stdout).toContain('Nothing to do.');
      await runNetform(m, ['destroy', 'wireguard', '--yes']);
      await expectNothingLeft(m, before);
    }));

  test('whenever apply is killed, rollback leaves no process, link, key or folder', () =>
    withMachine(async (m) => {
      await wireguard.install(m);
      const before = await m.snapshot();
      const journal = '/var/lib/netform/wireguard/journal';
      let interrupted = 0;
      for (const records of [2, 4, 5, 6, 7, 8, 10]) {
        await m.sh(`${NETFORM} apply ${FILE} </dev/null >/dev/null 2>&1 & pid=$!
          while kill -0 $pid 2>/dev/null && [ "$(cat ${journal} 2>/dev/null | wc -l)" -lt ${records} ]; do sleep 0.002; done
          kill -9 $pid; wait $pid`);
        interrupted += Number((await m.sh(`test -e ${journal}`)).code === 0);
        await runNetform(m, ['rollback']);
        const left = await runNetform(m, ['list', '--json']);
        if (JSON.parse(left.stdout).labs?.length > 0) await runNetform(m, ['destroy', 'wireguard', '--yes']);
        await expectNothingLeft(m, before);
      }
      expect(interrupted).toBeGreaterThan(3);
    }));
});
