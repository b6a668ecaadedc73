import { expect, test } from 'vitest';
import { type Machine, withMachine } from '../support/machine.ts';
import { runNetform } from './run-netform.ts';

const topology = (impair: string, bridge = 'lan') => `version: 1
name: lines
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: "${bridge}"${impair === '' ? '' : `, impair: { ${impair} }`} } } }
  blue: { bridges: { far: 10.1.0.0/24 }, interfaces: { eth0: { bridge: lan } } }
dns: { names: false }
`;

const rules = (m: Machine, netns: string) => m.must(`ip netns exec ${netns} nft -s list ruleset`);
const queues = (m: Machine, netns: string) => m.must(`tc -n ${netns} qdisc show dev eth0`);

test('what impairs a link is changed, repaired, made again with its link, given back and taken away', async () => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    const lossy = topology('loss: 10%, rate: 10mbit');
    await runNetform(m, ['apply', '-', '--yes'], { input: lossy });
    const there = [await queues(m, 'red'), await rules(m, 'red')];
    expect(there[0]).toMatch(/tbf 4e46: root .* rate 10Mbit/);

    await m.must('tc -n red qdisc change dev eth0 root handle 4e46: tbf rate 5mbit burst 20000 latency 50ms');
    await m.must('ip netns exec red nft add rule netdev netform_lines/eth0 egress counter');
    const drift = await runNetform(m, ['plan', '-'], { input: lossy });
    expect(drift.stdout).toMatch(/~ impair +eth0 .*rate 5mbit, other settings of its queue and other rules →/);
    await runNetform(m, ['apply', '-', '--yes'], { input: lossy });
    expect([await queues(m, 'red'), await rules(m, 'red')]).toEqual(there);

    expect((await runNetform(m, ['import', 'live', '--netns', 'red'])).stdout).toMatch(
      /impair: \{ loss: "?10%"?, rate: 10mbit \}/,
    );
    // The table outlives its link, the chain with what it does need not.
    await runNetform(m, ['apply', '-', '--yes'], { input: topology('loss: 10%, rate: 10mbit', 'blue:far') });
    expect([await queues(m, 'red'), await rules(m, 'red')]).toEqual(there);

    await runNetform(m, ['apply', '-', '--yes'], { input: topology('duplicate: 5%') });
    expect(await queues(m, 'red')).not.toContain('tbf');
    expect(await rules(m, 'red')).toContain('numgen random mod 1000000 < 50000 dup to "eth0"');
    await runNetform(m, ['apply', '-', '--yes'], { input: topology('') });
    expect(await rules(m, 'red')).toBe('');

    await m.must('tc -n red qdisc add dev eth0 root handle 7: tbf rate 8mbit burst 30000b latency 50ms');
    const odd = await runNetform(m, ['plan', '-'], { input: topology('rate: 1mbit'), code: 7 });
    expect(odd.stderr).toContain('qdisc red/eth0 already exists: a queue tbf 7:');
    await m.must('tc -n red qdisc change dev eth0 root handle 7: tbf rate 8mbit burst 16384b latency 50ms');
    await runNetform(m, ['plan', '-'], { input: topology('rate: 1mbit'), code: 7 });
    await runNetform(m, ['apply', '-', '--yes', '--adopt'], { input: topology('rate: 1mbit') });
    expect(await queues(m, 'red')).toMatch(/tbf 4e46: root .* rate 1Mbit/);
    await runNetform(m, ['apply', '-', '--yes'], { input: topology('') });
    expect(await queues(m, 'red')).toMatch(/tbf 7: root .* rate 8Mbit/);
    // The handle alone makes it no queue of the lab's.
    await m.must('tc -n red qdisc replace dev eth0 root handle 4e46: tbf rate 8mbit burst 16384b latency 50ms');
    const taken = await runNetform(m, ['plan', '-'], { input: topology('rate: 1mbit'), code: 7 });
    expect(taken.stderr).toContain('qdisc red/eth0 already exists');
    await m.must('tc -n red qdisc delete dev eth0 root');

    await runNetform(m, ['destroy', 'lines', '--yes']);
    expect(await m.snapshot()).toEqual(before);
  });
});

test('what is set by hand is drift, on a link that the file impairs and on one that it does not', async () => {
  await withMachine(async (m) => {
    const text = topology('loss: 10%');
    await runNetform(m, ['apply', '-', '--yes'], { input: text });
    const whole = await m.snapshot();
    for (const [end, shown] of [
      ['red:eth0', 'loss 90%, rate 1mbit → loss 10%'],
      ['blue:eth0', 'loss 90%, rate 1mbit → none'],
    ] as const) {
      await runNetform(m, ['link', 'set', end, 'loss=90%', 'rate=1mbit']);
      const changed = await runNetform(m, ['show', 'lines']);
      expect(changed.stdout).toContain(shown);
      expect((await runNetform(m, ['plan', '-'], { input: text })).stdout).not.toContain('stays as it is');
      await runNetform(m, ['link', 'set', end, '--reset']);
      expect(await m.snapshot()).toBe(whole);
      await runNetform(m, ['link', 'set', end, 'loss=50%']);
      await runNetform(m, ['apply', '-', '--yes'], { input: text });
      expect(await m.snapshot()).toBe(whole);
    }
    const wrong = await runNetform(m, ['link', 'set', 'red:eth0', 'delay=5'], { code: 2 });
    expect(wrong.stderr).toContain('write 20ms, 500us or 1s');
    const { stdout } = await runNetform(m, ['plan', '-'], { input: text });
    expect(stdout).toContain('Nothing to do.');
  });
});
