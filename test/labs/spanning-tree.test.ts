import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { runNetform } from './run-netform.ts';

const input = `version: 1
name: tree
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1, stp: true, forwardDelay: 2s, ageing: 600s } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
`;

test('while the spanning tree changes the kernel forgets addresses faster: that is no drift, what a hand sets is', async () => {
  await withMachine(async (m) => {
    const show = 'ip -d link show lan';
    const ageing = async () => (await m.must(show)).match(/ageing_time (\d+)/)?.[1];
    await runNetform(m, ['apply', '-'], { input });
    await m.must(`for i in $(seq 80); do ${show} | grep -q 'topology_change 1' && exit; sleep 0.2; done; exit 1`);
    expect(await ageing()).toBe('400');
    await runNetform(m, ['plan', '-', '--exit-code'], { input });
    expect((await runNetform(m, ['apply', '-'], { input })).stdout).toMatch(/Nothing to do/);

    const shorter = { input: input.replace('600s', '100s') };
    await runNetform(m, ['apply', '-'], shorter);
    expect(await ageing()).toBe('10000');
    await m.must('ip link set lan type bridge ageing_time 5000');
    const { stdout } = await runNetform(m, ['plan', '-', '--exit-code'], { ...shorter, code: 10 });
    expect(stdout).toMatch(/ageing 50 → 100/);
  });
});
