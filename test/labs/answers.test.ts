import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { tcp, udp } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const FILE = 'topologies/programs/answers.yaml';

test('ports answer with the name, both addresses and the request, in both families, through NAT and forwards', () =>
  withMachine(async (m) => {
    const before = await m.snapshot();
    await runNetform(m, ['apply', FILE]);
    expect((await runNetform(m, ['plan', FILE])).stdout).toMatch(/Nothing to do\.$/m);
    for (const [web, client] of [
      ['10.61.0.10', '10.61.0.20'],
      ['[fd00:61::10]', '[fd00:61::20]'],
    ] as const) {
      const said = await m.must(`ip netns exec client curl -sg -m5 'http://${web}/watch?v=1'`);
      expect(said).toMatch(/^Name: web\n/);
      expect(said).toContain(`\nAddress: ${web}:80\nSource: ${client}:`);
      expect(said).toContain('\nGET /watch?v=1 HTTP/1.1\n');
    }
    for (const web of ['10.61.0.10', 'fd00:61::10'])
      expect(await udp(m, 'client', { to: web, port: 7 })).toMatch(/^Name: web\nSource: /);
    // The client behind the masquerade is seen as the machine; the other way round nothing is rewritten.
    expect(await m.must('ip netns exec client curl -s -m5 http://203.0.113.9/')).toContain('Source: 203.0.113.1:');
    expect(await m.must("ip netns exec client curl -sg -m5 'http://[2001:db8:113::9]/'")).toContain(
      'Source: [2001:db8:113::1]:',
    );
    expect(await m.must('ip netns exec outside curl -s -m5 http://203.0.113.1:8080/')).toContain('Name: web\n');
    expect(await tcp(m, 'client', { to: '10.61.0.10', port: 81, patienceMs: 300 })).toBe('');
    await expectsOneProcess(m);
    await runNetform(m, ['destroy', 'answers', '--yes']);
    expect(await m.snapshot()).toBe(before);
    expect((await m.sh('pgrep -f ^perl.*answer.pl')).code).toBe(1);
  }));

const expectsOneProcess = async (m: Machine): Promise<void> =>
  expect((await m.must('pgrep -fc "^perl .*answer.pl"')).trim()).toBe('1');

test('other ports are read without a new start, a namespace made again answers again, and a taken port is refused', () =>
  withMachine(async (m) => {
    const text = readFileSync(`${repository}${FILE}`, 'utf8');
    await runNetform(m, ['apply', '-'], { input: text });
    const [pid, open] = [await m.must('pgrep -f "^perl .*answer.pl"'), `exec 3<>/dev/tcp/10.61.0.10/80`];
    // A connection that was open before goes on over the change.
    const kept = m.sh(
      `ip netns exec client bash --norc -c '${open}; echo GET / HTTP/1.1 >&3; sleep 1.5; echo >&3; cat <&3'`,
    );
    const other = text.replace('{ http: 80, echo: 7/udp }', '[80, 81]');
    const changed = await runNetform(m, ['apply', '-'], { input: other });
    expect(changed.stdout).toContain('read again');
    expect(await tcp(m, 'client', { to: '10.61.0.10', port: 81 })).toMatch(/^Name: web\n/);
    expect(await udp(m, 'client', { to: '10.61.0.10', port: 7, patienceMs: 300 })).toBe('');
    expect((await kept).stdout).toMatch(/Name: web\n/);
    expect(await m.must('pgrep -f "^perl .*answer.pl"')).toBe(pid);

    await m.must('ip netns del web');
    await runNetform(m, ['apply', '-'], { input: other });
    await m.must(
      'until ip netns exec client curl -s -m1 http://10.61.0.10:81/ | grep -q "Name: web"; do sleep 0.1; done',
    );
    const answering = await runNetform(m, ['show', 'answers']);
    expect(answering.stdout).toMatch(/ok +process +answers +running, process \d+/);
    await runNetform(m, ['destroy', 'answers', '--yes']);

    await m.must('ip netns add web');
    const taker = m.start(['ip', 'netns', 'exec', 'web', 'ncat', '-lk', '80']);
    await m.must('until ip netns exec web ss -Hltn | grep -q :80; do sleep 0.05; done');
    const taken = await runNetform(m, ['plan', '-', '--adopt'], { input: text, code: 7 });
    expect(taken.stderr).toMatch(/port 80\/tcp of web is in use by ncat \(process \d+\) \[NF3004\]/);
    taker.kill();
  }));
