import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NETFORM } from '../safety/interrupt.ts';
import { unbound } from '../support/fetched-programs.ts';
import { type Machine, withMachine } from '../support/machine.ts';
import { runNetform } from './run-netform.ts';

const ENGINES = [
  { engine: 'dnsmasq', file: 'topologies/programs/dns.yaml', lab: 'dns', missing: null },
  { engine: 'unbound', file: 'topologies/programs/dns-unbound.yaml', lab: 'dns-unbound', missing: unbound.missing },
] as const;

/** The answer of `dig` in a namespace without times to live: `NOERROR`, then each record, `NAME TYPE VALUE`. */
async function dig(m: Machine, words: string, netns = 'client'): Promise<readonly string[]> {
  const { stdout } = await m.sh(`ip netns exec ${netns} dig +time=2 +tries=1 +noall +comments +answer ${words}`);
  const status = /status: ([A-Z]+)/.exec(stdout)?.[1] ?? 'no answer';
  const answers = stdout.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
  return [status, ...answers.map((line) => line.replace(/\s+\d+\s+IN\s+/, ' ').replaceAll(/\s+/g, ' '))];
}

const pidOf = async (m: Machine, lab: string, netns: string) =>
  (await m.must(`cat /run/netform/labs/${lab}/.processes/${netns}.dns-server/pid`)).trim();

/** What a lab with DNS servers leaves when it is gone: nothing. */
async function expectNothingLeft(m: Machine, before: string): Promise<void> {
  expect(await m.snapshot()).toBe(before);
  expect(await m.must('ls -A /run/netform; find /run/netform/labs 2>/dev/null || true')).toBe('lock\n');
  expect(await m.must('pgrep -l "dnsmasq|unbound" || true')).toBe('');
  expect(await m.must('ls -A /var/lib/netform; ls -A /var/lib')).toBe('netform\n');
}

const reverse6 = (last: string) => `${last}.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.d.f.ip6.arpa.`;

/** By question: the whole answer of the server of the example. */
const ANSWERS: { readonly [question: string]: readonly string[] } = {
  'web.lab.test A': ['NOERROR', 'web.lab.test. A 10.1.0.10'],
  '@fd00:1::53 web.lab.test AAAA': ['NOERROR', 'web.lab.test. AAAA fd00:1::10'],
  '+tcp web.lab.test A': ['NOERROR', 'web.lab.test. A 10.1.0.10'],
  '+search web A': ['NOERROR', 'web.lab.test. A 10.1.0.10'],
  'www.lab.test AAAA': ['NOERROR', 'www.lab.test. CNAME web.lab.test.', 'web.lab.test. AAAA fd00:1::10'],
  'lab.test MX': ['NOERROR', 'lab.test. MX 10 mail.lab.test.'],
  'lab.test NS': ['NOERROR', 'lab.test. NS ns1.lab.test.'],
  '_sip._tcp.lab.test SRV': ['NOERROR', '_sip._tcp.lab.test. SRV 0 5 5060 mail.lab.test.'],
  'txt.lab.test TXT': ['NOERROR', 'txt.lab.test. TXT "v=spf1 -all"'],
  'a.b.dev.lab.test A': ['NOERROR', 'a.b.dev.lab.test. A 10.1.0.20'],
  'any.dev.lab.test AAAA': ['NOERROR', 'any.dev.lab.test. AAAA fd00:1::20'],
  // A wildcard is not for its parent, nor for a name that is written.
  'dev.lab.test A': ['NOERROR'],
  'x.dev.lab.test A': ['NOERROR', 'x.dev.lab.test. A 10.1.0.21'],
  'x.dev.lab.test AAAA': ['NOERROR'],
  '-x 10.1.0.10': ['NOERROR', '10.0.1.10.in-addr.arpa. PTR web.lab.test.'],
  '-x fd00:1::25': ['NOERROR', `${reverse6('5.2')} PTR mail.lab.test.`.replace('.0.0.0.0.0.0.0', '.0.0.0.0.0.0')],
  '-x 10.1.2.9': ['NOERROR', '9.2.1.10.in-addr.arpa. PTR printer.lab.test.'],
  'app.corp.test A': ['NOERROR', 'app.corp.test. A 10.9.0.1'],
  'app.corp.test AAAA': ['NOERROR', 'app.corp.test. AAAA fd00:9::1'],
  'none.lab.test A': ['NXDOMAIN'],
  'none.corp.test AAAA': ['NXDOMAIN'],
  'example.com A': ['NXDOMAIN'],
  '-x 10.1.2.8': ['NXDOMAIN'],
  '-x 10.1.0.99': ['NXDOMAIN'],
  // Nobody listens there.
  '@10.1.0.10 web.lab.test A': ['no answer'],
  '@fd00:1::10 web.lab.test A': ['no answer'],
};

for (const { engine, file, lab, missing } of ENGINES)
  describe.skipIf(missing !== null)(`a DNS server by ${engine} (${missing ?? 'real'})`, () => {
    const text = readFileSync(file, 'utf8');
    const prepare = async (m: Machine) => void (missing === null && engine === 'unbound' && (await unbound.install(m)));

    test('answers for every type of record, in both families, and asks the other server about its zone', () =>
      withMachine(async (m) => {
        await prepare(m);
        const before = await m.snapshot();
        await runNetform(m, ['apply', file]);
        for (const [question, answer] of Object.entries(ANSWERS))
          expect(await dig(m, question), question).toEqual(answer);
        if (engine === 'unbound') {
          expect(await dig(m, 'some.text.lab.test TXT')).toEqual(['NOERROR', 'some.text.lab.test. TXT "any"']);
          const followed = ['NOERROR', 'shop.lab.test. CNAME app.corp.test.', 'app.corp.test. A 10.9.0.1'];
          expect(await dig(m, 'shop.lab.test A')).toEqual(followed);
        }
        // The search domain and ndots are the client's.
        expect(await m.must('ip netns exec client getent ahostsv4 www')).toMatch(
          /^10\.1\.0\.10 +STREAM web\.lab\.test\n/,
        );
        expect(await m.must('ip netns exec client getent ahostsv6 app.corp.test')).toMatch(/^fd00:9::1 /);
        expect((await m.sh('ip netns exec client getent hosts none')).code).toBe(2);
        expect(await m.must('ip netns exec client nslookup web')).toMatch(
          /Name:\s+web\.lab\.test\nAddress: 10\.1\.0\.10\n/,
        );
        expect((await runNetform(m, ['plan', file])).stdout).toContain('Nothing to do.');
        expect((await runNetform(m, ['show', lab])).stdout).toMatch(/process +dns-server +running, process \d+, \d+ s/);
        await runNetform(m, ['destroy', lab, '--yes']);
        await expectNothingLeft(m, before);
      }));

    test('gives a new address without a restart and without a lost query, and a new alias', () =>
      withMachine(async (m) => {
        await prepare(m);
        await runNetform(m, ['apply', file]);
        const pid = await pidOf(m, lab, 'ns1');
        // One question every few milliseconds, each with 150 ms for its answer; what is lost is written down.
        await m.must(`cat >/run/loop.sh <<'END'
          : >/run/lost; : >/run/asked
          while [ ! -e /run/stop ]; do
            dig @10.1.0.53 +time=1 +tries=1 +short mail.lab.test A >/run/answer 2>&1 || cat /run/answer >>/run/lost
            grep -q '^10\\.1\\.0\\.' /run/answer || cat /run/answer >>/run/lost
            echo >>/run/asked
          done
END
          ip netns exec client sh /run/loop.sh >/dev/null 2>&1 & while [ ! -s /run/asked ]; do sleep 0.01; done`);
        const moved = text.replaceAll('10.1.0.25', '10.1.0.26').replace('10.1.0.10,', '10.1.0.11,');
        const planned = await runNetform(m, ['plan', '-'], { input: moved });
        expect(planned.stdout).toMatch(/~ process +dns-server +another .*: read again\n/);
        await runNetform(m, ['apply', '-', '--yes'], { input: moved });
        expect(await dig(m, 'mail.lab.test A')).toEqual(['NOERROR', 'mail.lab.test. A 10.1.0.26']);
        expect(await dig(m, 'web.lab.test A')).toEqual(['NOERROR', 'web.lab.test. A 10.1.0.11']);
        expect(await dig(m, '-x 10.1.0.11')).toEqual(['NOERROR', '11.0.1.10.in-addr.arpa. PTR web.lab.test.']);
        expect(await dig(m, '-x 10.1.0.10')).toEqual(['NXDOMAIN']);
        await m.must('touch /run/stop; sleep 0.1');
        expect(Number(await m.must('wc -l </run/asked'))).toBeGreaterThan(20);
        expect(await m.must('cat /run/lost')).toBe('');
        expect(await pidOf(m, lab, 'ns1')).toBe(pid);

        const renamed = moved.replace('www CNAME', 'site CNAME');
        const restarted = await runNetform(m, ['plan', '-'], { input: renamed });
        expect(restarted.stdout).toMatch(
          engine === 'dnsmasq' ? /another .*dnsmasq.conf: started again, connections lost/ : /: read again/,
        );
        await runNetform(m, ['apply', '-', '--yes'], { input: renamed });
        expect((await dig(m, 'site.lab.test A'))[1]).toBe('site.lab.test. CNAME web.lab.test.');
        expect(await dig(m, 'www.lab.test A')).toEqual(['NXDOMAIN']);
        await runNetform(m, ['destroy', lab, '--yes']);
      }));

    test('is healed after it was killed, stopped, or given another configuration', () =>
      withMachine(async (m) => {
        await prepare(m);
        await runNetform(m, ['apply', file]);
        const heals = async (by: string, said: RegExp) => {
          await m.must(by);
          expect((await runNetform(m, ['plan', file])).stdout, by).toMatch(said);
          await runNetform(m, ['apply', file]);
          expect(await dig(m, 'www.lab.test A'), by).toContain('web.lab.test. A 10.1.0.10');
          expect((await runNetform(m, ['plan', file])).stdout).toContain('Nothing to do.');
        };
        const folder = `/run/netform/labs/${lab}/ns1/dns`;
        const data = engine === 'dnsmasq' ? 'hosts' : 'lab.test.zone';
        await heals(
          `kill -9 ${await pidOf(m, lab, 'ns1')}; sleep 0.2`,
          /± process +dns-server +has ended: started again/,
        );
        await heals(
          `kill -STOP ${await pidOf(m, lab, 'ns1')}`,
          /± process +dns-server +does not answer: started again/,
        );
        const reads = `kill -HUP ${await pidOf(m, lab, 'ns1')}; sleep 0.3`;
        await heals(
          `sed -i s/10.1.0.25/10.1.0.99/ ${folder}/${data}; ${reads}`,
          /process +dns-server +another .*: read again/,
        );
        expect(await dig(m, 'mail.lab.test A')).toEqual(['NOERROR', 'mail.lab.test. A 10.1.0.25']);
        // With files that are right again, only the server can say what it has read.
        await m.must(`cp -a ${folder} /run/right`);
        await m.must(
          `sed -i '/_netform/s/^fd../fdff/; s/netform:v1:./&0/' ${folder}/hosts ${folder}/unbound.conf || true`,
        );
        await heals(
          `${reads}; cp -a /run/right/. ${folder}`,
          /± process +dns-server +has read another configuration: started again/,
        );
        expect(await dig(m, 'mail.lab.test A')).toEqual(['NOERROR', 'mail.lab.test. A 10.1.0.25']);
        await runNetform(m, ['destroy', lab, '--yes']);
      }));
  });

const SMALL = `version: 1
name: small
host: { forwarding: false }
bridges: { lan: { subnet: [10.1.0.0/24, "fd00:1::/64"], address: [10.1.0.1, "fd00:1::1"] } }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: [10.1.0.2, "fd00:1::2"] } }
    dnsServer: { names: true, forward: host }
  blue: { interfaces: { eth0: { bridge: lan, address: [10.1.0.3, "fd00:1::3"] } } }
dns: { nameservers: [red], names: false }
`;

test('a server of the host listens at the addresses of the lab only; bare names have addresses and reverse names', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    await m.sh('ip link set lo up; ip address add 192.0.2.1/32 dev lo');
    const input = SMALL.replace('forwarding: false', 'dnsServer: { zones: { up.test: { records: [a A 10.9.0.9] } } }');
    await runNetform(m, ['apply', '-', '--yes'], { input });
    expect(await dig(m, 'blue A', 'blue')).toEqual(['NOERROR', 'blue. A 10.1.0.3']);
    expect(await dig(m, '@fd00:1::2 blue AAAA', 'blue')).toEqual(['NOERROR', 'blue. AAAA fd00:1::3']);
    expect(await dig(m, '-x 10.1.0.3', 'blue')).toEqual(['NOERROR', '3.0.1.10.in-addr.arpa. PTR blue.']);
    expect(await dig(m, 'green A', 'blue')).toEqual(['NXDOMAIN']);
    expect(await dig(m, 'a.up.test A', 'blue')).toEqual(['NOERROR', 'a.up.test. A 10.9.0.9']);
    expect(await dig(m, '@fd00:1::1 a.up.test A', 'blue')).toEqual(['NOERROR', 'a.up.test. A 10.9.0.9']);
    const onHost = async (server: string) => (await m.sh(`dig @${server} +time=1 +tries=1 +short a.up.test`)).stdout;
    expect(await onHost('10.1.0.1')).toBe('10.9.0.9\n');
    for (const other of ['192.0.2.1', '127.0.0.1']) expect(await onHost(other)).not.toBe('10.9.0.9\n');
    const commands = await runNetform(m, ['plan', '-', '--commands'], {
      input: input
        .replace('name: small', 'name: other')
        .replaceAll('10.1.', '10.2.')
        .replaceAll('fd00:1:', 'fd00:2:')
        .replaceAll('lan', 'net')
        .replaceAll('red', 'rot')
        .replaceAll('blue', 'blau'),
    });
    expect(commands.stdout).toContain('local=/up.test/');
    expect(commands.stdout).toMatch(/ip netns exec rot .*exec env dnsmasq --keep-in-foreground/);
    await runNetform(m, ['destroy', 'small', '--yes']);
    await m.sh('ip address del 192.0.2.1/32 dev lo');
    await expectNothingLeft(m, before);
  }));

test('a port that is taken is named with who has it, and nothing is changed', () =>
  withMachine(async (m) => {
    await m.must('ip netns add red');
    await m.must('ip netns exec red ip link set lo up');
    await m.must('ip netns exec red dnsmasq --user=root --group= --no-resolv --pid-file=/run/other.pid');
    const planned = await runNetform(m, ['plan', '-', '--adopt'], { input: SMALL, code: 7 });
    expect(planned.stderr).toMatch(/port 53\/(?:tcp|udp) of red is in use by dnsmasq \(process \d+\)/);
    await m.must('kill "$(cat /run/other.pid)"');
  }));

test('a missing program is an error of the plan that names the package, or the folders', () =>
  withMachine(async (m) => {
    const input = SMALL.replace('names: true', 'names: true, engine: coredns');
    const planned = await runNetform(m, ['plan', '-'], { input, code: 3 });
    expect(planned.stderr).toContain('coredns is needed here, and is not installed');
    expect(planned.stderr).toContain('it is looked for in /usr/local/sbin, /usr/local/bin');
  }));

test('a configuration that is given is checked before the server is stopped', () =>
  withMachine(async (m) => {
    const given = (content: string) =>
      SMALL.replace('names: true, forward: host', `config: { content: ${JSON.stringify(content)} }`);
    await runNetform(m, ['apply', '-', '--yes'], {
      input: given('user=root\ngroup=\nno-resolv\nno-hosts\nhost-record=own,10.9.9.9\n'),
    });
    expect(await dig(m, 'own A', 'blue')).toEqual(['NOERROR', 'own. A 10.9.9.9']);
    const pid = await pidOf(m, 'small', 'red');
    const failed = await runNetform(m, ['apply', '-', '--yes'], { input: given('no-such-word\n'), code: 4 });
    expect(failed.stderr).toContain('refuses its configuration');
    expect(failed.stderr).toContain('bad option at line 1');
    expect(await pidOf(m, 'small', 'red')).toBe(pid);
    expect(await dig(m, 'own A', 'blue')).toEqual(['NOERROR', 'own. A 10.9.9.9']);
    await runNetform(m, ['destroy', 'small', '--yes']);
  }));

test('a configuration of a file beside the topology is read at plan, and read again when it changed', () =>
  withMachine(async (m) => {
    const write = (address: string) =>
      m.must(`printf 'user=root\\ngroup=\\nno-resolv\\nno-hosts\\nhost-record=own,${address}\\n' >/run/lab/own.conf`);
    const input = SMALL.replace('names: true, forward: host', 'config: { from: own.conf }');
    await m.must('mkdir /run/lab; cat >/run/lab/topology.yaml', { input });
    const file = '/run/lab/topology.yaml';
    const refused = await runNetform(m, ['plan', file], { code: 3 });
    expect(refused.stderr).toContain('/run/lab/own.conf cannot be read [NF3073]');
    await runNetform(m, ['validate', file]);
    await write('10.9.9.1');
    await runNetform(m, ['apply', file, '--yes']);
    expect(await dig(m, 'own A', 'blue')).toEqual(['NOERROR', 'own. A 10.9.9.1']);
    expect((await runNetform(m, ['plan', file])).stdout).toContain('Nothing to do.');
    await write('10.9.9.2');
    expect((await runNetform(m, ['plan', file])).stdout).toContain('dns-server');
    await runNetform(m, ['apply', file, '--yes']);
    expect(await dig(m, 'own A', 'blue')).toEqual(['NOERROR', 'own. A 10.9.9.2']);
    const both = input.replace('from: own.conf', 'from: own.conf, content: x');
    const said = await runNetform(m, ['validate', '-'], { input: both, code: 3 });
    expect(said.stderr).toContain('content and from are both written');
    await runNetform(m, ['destroy', 'small', '--yes']);
  }));

test('whenever apply is killed, rollback leaves no process, file or folder', () =>
  withMachine(async (m) => {
    await m.sh('cat >/run/lab.yaml', { input: SMALL.replace(', forward: host', '') });
    const before = await m.snapshot();
    const journal = '/var/lib/netform/small/journal';
    let interrupted = 0;
    for (const records of [2, 4, 6, 7, 8, 9]) {
      await m.sh(`${NETFORM} apply /run/lab.yaml </dev/null >/dev/null 2>&1 & pid=$!
        while kill -0 $pid 2>/dev/null && [ "$(cat ${journal} 2>/dev/null | wc -l)" -lt ${records} ]; do sleep 0.002; done
        kill -9 $pid; wait $pid`);
      interrupted += Number((await m.sh(`test -e ${journal}`)).code === 0);
      await runNetform(m, ['rollback']);
      const left = await runNetform(m, ['list', '--json']);
      if (JSON.parse(left.stdout).labs?.length > 0) await runNetform(m, ['destroy', 'small', '--yes']);
      await expectNothingLeft(m, before);
    }
    expect(interrupted).toBeGreaterThan(3);
  }));
