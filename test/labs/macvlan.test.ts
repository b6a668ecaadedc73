import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

/** A namespace with two links on its end of a cable, and another that has a NIC of the machine for itself. */
const topology = (mode: string) => `version: 1
name: shared
namespaces:
  node:
    interfaces:
      eth0: { address: none }
      mac0: { macvlan: { parent: eth0, mode: ${mode} }, address: 10.0.0.11/24 }
  peer: { interfaces: { eth0: 10.0.0.2/24 } }
  alone: { interfaces: { eth0: { macvlan: { parent: "host:nic0", mode: passthru }, address: 10.1.0.1/24 } } }
links: [ "node:eth0 -- peer:eth0" ]
dns: { names: false }
`;

test('macvlans are made on a link of the namespace and of the machine, changed and taken away', async () => {
  await withMachine(async (m) => {
    await m.must('ip netns add far && ip link add nic0 up type veth peer name nic1 netns far');
    await m.must('ip -n far link set nic1 up && ip -n far address add 10.1.0.2/24 dev nic1');
    const before = await m.snapshot();
    await runNetform(m, ['apply', '-', '--yes'], { input: topology('bridge') });
    expect(await pings(m, 'peer', '10.0.0.11')).toBe(true);
    expect(await pings(m, 'far', '10.1.0.1')).toBe(true);
    expect(await silent(m, 'host', '10.1.0.1')).toBe(true);
    await m.must('ip -n node link add tunl0 type bridge');
    expect((await runNetform(m, ['import', 'live'])).stdout).not.toContain('tunl0');
    const again = await runNetform(m, ['plan', '-'], { input: topology('bridge') });
    expect(again.stdout).toContain('Nothing to do.');
    expect(again.stdout).not.toContain('tunl0');
    const plan = await runNetform(m, ['plan', '-'], { input: topology('private') });
    expect(plan.stdout).toMatch(/± macvlan +mac0 +mode is immutable: replaced/);
    await runNetform(m, ['apply', '-', '--yes'], { input: topology('private') });
    expect(await pings(m, 'peer', '10.0.0.11')).toBe(true);
    await m.must('ip -n node link set mac0 address 02:00:00:00:00:77');
    await runNetform(m, ['apply', '-', '--yes'], { input: topology('private') });
    expect(await m.must('ip -n node link show mac0')).not.toContain('02:00:00:00:00:77');
    await runNetform(m, ['destroy', 'shared', '--yes']);
    expect(await m.snapshot()).toEqual(before);
  });
});

/** `mac0` is on the second of two interfaces, and then on the first, which stays alone. */
const onSecond = `version: 1
name: moved
bridges: { one: 10.0.0.0/24, two: 10.1.0.0/24 }
namespaces:
  node:
    interfaces:
      eth0: { bridge: one }
      eth1: { bridge: two }
      mac0: { macvlan: { parent: eth1 }, address: none }
`;
const onFirst = onSecond.replace('      eth1: { bridge: two }\n', '').replace('parent: eth1', 'parent: eth0');

test.each([
  ['is made again', onFirst],
  ['is deleted', onFirst.replace(/ {6}mac0.*\n/, '')],
])('a macvlan that was put on another link by hand %s, although its former one goes', async (_, wanted) => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    await runNetform(m, ['apply', '-', '--yes'], { input: onSecond });
    const mark = /alias (\S+)/.exec(await m.must('ip -n node link show mac0'))?.[1];
    await m.must('ip -n node link del mac0 && ip -n node link add link eth0 name mac0 type macvlan');
    await m.must(`ip -n node link set mac0 alias ${mark}`);
    await runNetform(m, ['apply', '-', '--yes'], { input: wanted });
    expect((await runNetform(m, ['plan', '-'], { input: wanted })).stdout).toContain('Nothing to do.');
    await runNetform(m, ['destroy', 'moved', '--yes']);
    expect(await m.snapshot()).toEqual(before);
  });
});
