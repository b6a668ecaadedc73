import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { runNetform } from './run-netform.ts';

const moving = (nic: string): string => `version: 1
name: moved
namespaces:
  red: { interfaces: { wan: { move: "host:${nic}", address: 10.0.0.1/24 } } }
dns: { names: false }
`;

test('a link that the kernel deletes with its namespace is not moved, and nothing is changed', async () => {
  await withMachine(async (m) => {
    await m.must(`ip link add nic0 type veth peer name far && ip link add br0 type bridge
      ip link add mv0 link nic0 type macvlan && ip tuntap add dev t0 mode tap`);
    const before = await m.snapshot();
    const kinds = { nic0: 'veth', br0: 'bridge', mv0: 'macvlan', t0: 'tap' };
    for (const [nic, kind] of Object.entries(kinds)) {
      const { stderr } = await runNetform(m, ['apply', '-', '--yes'], { input: moving(nic), code: 3 });
      expect(stderr).toContain(`${nic} is a ${kind}, which the kernel deletes together with its namespace [NF3035]`);
    }
    const lo = await runNetform(m, ['plan', '-'], { input: moving('lo'), code: 3 });
    expect(lo.stderr).toContain("the machine's lo stays where it is [NF3035]");
    const none = await runNetform(m, ['plan', '-'], { input: moving('eth9'), code: 3 });
    expect(none.stderr).toContain('eth9 is not a link of this machine [NF3035]');
    expect(await m.snapshot()).toBe(before);
    // What the refusal says of the kernel.
    await m.must('ip netns add red && ip link set nic0 netns red && ip link set t0 netns red && ip netns delete red');
    await m.must('for i in $(seq 50); do ip link show far 2>/dev/null || exit 0; sleep 0.1; done; exit 1');
    expect(await m.must('ip -o link show')).not.toMatch(/nic0|t0|far/);
  });
});
