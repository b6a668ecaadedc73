import { describe, expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { type Machine, withMachine } from '../../support/machine.ts';

const lab = (names: readonly string[]) => `
version: 1
name: lab
bridges: { lab0: { subnet: 10.77.0.0/24, address: 10.77.0.1 } }
namespaces: { ${names.map((name) => `${name}: { interfaces: { eth0: { bridge: lab0 } } }`).join(', ')} }
host: { forwarding: false }
`;
const netform = (m: Machine, args: readonly string[], names: readonly string[]) =>
  runNetform(m, [...args.slice(0, 1), '-', ...args.slice(1)], { input: lab(names) });
/** As it stands in a plan, with one blank between words. */
const squeezed = (text: string): string => text.replaceAll(/ +/g, ' ');

describe.concurrent('what leaves with a lab', () => {
  test('C4, H18: unmanaged objects and programs in a namespace that goes are lines of the plan', async () => {
    await withMachine(async (m) => {
      await netform(m, ['apply', '--yes'], ['alice', 'bob']);
      await m.must(`ip -n bob addr add 1.2.3.4/32 dev lo; ip -n bob link add br9 type bridge
        ip netns exec bob nft add table inet mine; ip -n alice link add br8 type bridge`);
      m.start(['ip', 'netns', 'exec', 'bob', 'sleep', '1000']);
      await m.must('for i in $(seq 50); do ip netns pids bob | grep -q . && exit 0; sleep 0.05; done; exit 1');
      const pid = (await m.must('ip netns pids bob')).trim();

      const plan = squeezed((await netform(m, ['plan'], ['alice'])).stdout);
      expect(plan).toContain('- link br9 bridge, unmanaged, deleted with netns bob');
      expect(plan).toContain('- address lo 1.2.3.4/32, unmanaged, deleted with netns bob');
      expect(plan).toContain(`? process ${pid} (sleep) keeps running, in a namespace without a name`);
      expect(plan).toContain('? link br8 bridge, unmanaged');
      expect(plan).toContain(
        '1 unmanaged object is kept (--prune deletes it). 3 unmanaged objects are deleted with their namespaces. 1 program runs in a namespace that is deleted.',
      );
      const { extras, summary } = JSON.parse((await netform(m, ['plan', '--json'], ['alice'])).stdout);
      expect(extras.map((one: { name: string; fate: string }) => `${one.name} ${one.fate}`)).toContain('br9 deleted');
      expect(summary.unmanaged).toBe(1);

      const destroyed = squeezed((await runNetform(m, ['destroy', 'lab', '--yes'])).stdout);
      for (const line of [
        '- link br9 bridge, unmanaged, deleted with netns bob',
        '- link br8',
        '- table inet mine unmanaged',
        `? process ${pid} (sleep)`,
      ])
        expect(destroyed).toContain(line);
    });
  });

  test('D7: ports of others on a bridge of the lab are lines of plan, show and destroy, and are never pruned', async () => {
    await withMachine(async (m) => {
      await netform(m, ['apply', '--yes'], ['alice']);
      await m.must('ip link add tap0 type veth peer name far; ip link set tap0 master lab0; ip link set tap0 up');
      const before = await m.snapshot();
      for (const { stdout } of [await netform(m, ['plan'], ['alice']), await runNetform(m, ['show', 'lab'])])
        expect(squeezed(stdout)).toContain('? link tap0 port of lab0, unmanaged');
      await netform(m, ['apply', '--yes', '--prune'], ['alice']);
      expect(await m.snapshot()).toBe(before);
      const { stdout } = await runNetform(m, ['destroy', 'lab', '--yes']);
      expect(squeezed(stdout)).toContain('? link tap0 port of lab0, which is deleted, unmanaged');
      expect(await m.must('ip -br link show tap0')).toContain('UP');
    });
  });
});
