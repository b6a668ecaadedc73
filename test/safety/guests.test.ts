import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { withMachine } from '../support/machine.ts';

/** Links for programs, as a person makes them. */
const HAND = `set -e
ip netns add node; ip -n node link set lo up
ip link add lan address 02:11:00:00:00:01 type bridge; ip link set lan up; ip addr add 10.4.0.1/24 dev lan
ip link add up0 address 02:11:00:00:00:02 type veth peer name eth0 address 02:11:00:00:00:03 netns node
ip link set up0 master lan up; ip -n node link set eth0 up; ip -n node addr add 10.4.0.2/24 dev eth0
ip tuntap add mode tap name tap0 user root; ip link set tap0 address 02:11:00:00:00:04 master lan up
ip -n node link add link eth0 name guest1 address 02:11:00:00:00:05 type macvtap mode bridge; ip -n node link set guest1 up
ip -n node tuntap add mode tun name tun0 group root; ip -n node link set tun0 up; ip -n node addr add 10.8.0.1/24 dev tun0
ip -n node link set guest1 alias 'of a person'
sleep 0.5`;

test('links for programs that were made by hand are imported, adopted, changed and given back', () =>
  withMachine(async (m) => {
    await m.must(HAND);
    const before = await m.snapshot();
    const { stdout: input, stderr } = await runNetform(m, ['import', 'live', '--all']);
    expect(stderr).toBe('netform: left out: link guest1 of node: alias of a person\n');
    expect(input).toMatch(/tap0:\s+tap: { user: root }\s+bridge: lan/);
    expect(input).toMatch(/tun0:\s+tun: { group: root }\s+address: 10.8.0.1\/24/);
    expect(input).toMatch(/guest1:\s+macvtap: { parent: eth0 }/);
    const refused = await runNetform(m, ['apply', '-'], { input, code: 7 });
    for (const id of ['tap tap0', 'macvtap node/guest1', 'tun node/tun0']) expect(refused.stderr).toContain(id);
    expect(await m.snapshot()).toBe(before);
    await runNetform(m, ['apply', '-', '--adopt'], { input });
    await runNetform(m, ['plan', '-', '--exit-code'], { input });
    const changed = input.replace('macvtap: { parent: eth0 }', 'macvtap: { parent: eth0, mode: private }');
    expect(changed).not.toBe(input);
    await runNetform(m, ['apply', '-'], { input: changed });
    expect(await m.must('ip -n node -d link show guest1')).toContain('mode private');
    await runNetform(m, ['destroy', 'imported', '--yes']);
    expect(await m.snapshot()).toBe(before);
  }));
