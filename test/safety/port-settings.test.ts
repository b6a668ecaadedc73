import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { type Machine, withMachine } from '../support/machine.ts';

/** A bridge with a port of a pair and one of a tunnel, each with settings. */
const HAND = `set -e
ip netns add red; ip -n red link set lo up
ip -n red link add br0 type bridge; ip -n red link add br1 type bridge
ip -n red link add eth1 type veth peer name p1
ip -n red link add vx0 mtu 1450 type vxlan id 5 remote 10.1.0.8 dstport 4789
for link in br0 br1 eth1 p1 vx0; do ip -n red link set $link up; done
ip -n red link set p1 master br0; ip -n red link set vx0 master br0
ip -n red link set p1 type bridge_slave cost 55 isolated on hairpin on
ip -n red link set vx0 type bridge_slave cost 77 learning off`;

type Parts = { readonly p1?: string; readonly vx0?: string; readonly bridge?: string };

const lab = ({ p1 = '', vx0 = '', bridge = 'br0' }: Parts): string => `version: 1
name: lab
namespaces:
  red:
    bridges: { br0: { gateway: none }, br1: { gateway: none } }
    interfaces:
      eth1: { address: none }
      p1: { bridge: ${bridge}${p1} }
      vx0: { bridge: br0, mtu: 1450, vxlan: { id: 5, remote: 10.1.0.8 }${vx0} }
links: [red:eth1 -- red:p1]
dns: { names: false }
`;

/** The settings of both ports, as far as they are of interest. */
const settings = async (m: Machine): Promise<readonly string[]> => {
  const text = await m.must('for port in p1 vx0; do ip -n red -d -o link show $port; done');
  return text
    .trim()
    .split('\n')
    .map((line) =>
      [/master (\S+)/, /cost (\d+)/, /isolated (\w+)/, /hairpin (\w+)/, / learning (on|off) flood/]
        .map((word) => word.exec(line)?.[1] ?? '')
        .join(' '),
    );
};

test('settings of adopted ports: what the file says is set, the rest stays, and all comes back', () =>
  withMachine(async (m) => {
    const apply = (parts: Parts) => runNetform(m, ['apply', '-', '--adopt'], { input: lab(parts) });
    const planned = (parts: Parts) => runNetform(m, ['plan', '-', '--exit-code'], { input: lab(parts) });
    await m.must(HAND);
    const before = ['br0 55 on on on', 'br0 77 off off off'];
    expect(await settings(m)).toEqual(before);

    const written = { p1: ', port: { cost: 10 }', vx0: ', port: { learning: true, priority: 9 }' };
    const plan = await runNetform(m, ['plan', '-', '--adopt'], { input: lab(written) });
    expect(plan.stdout).toMatch(/\? link +p1 +isolated on, hairpin on, stays as it is/);
    expect(plan.stdout).toMatch(/\? link +vx0 +cost 77, stays as it is/);
    expect(plan.stdout).toMatch(/~ vxlan +vx0 .*learning off → on/);
    await apply(written);
    expect(await settings(m)).toEqual(['br0 10 on on on', 'br0 77 off off on']);
    expect((await planned(written)).stdout).toContain('isolated on, hairpin on, stays as it is');

    // What is taken out of the file is as it was; so is what moved, with its master.
    await apply({});
    expect(await settings(m)).toEqual(before);
    await planned({});
    await apply({ bridge: 'br1', p1: ', port: { cost: 11, isolated: false, hairpin: false }' });
    expect((await settings(m))[0]).toBe('br1 11 off off on');
    await runNetform(m, ['destroy', 'lab', '--yes']);
    expect(await settings(m)).toEqual(before);
  }));

test('settings of the ports that netform makes: what is taken out of the file has the default of the kernel', () =>
  withMachine(async (m) => {
    const made = (parts: Parts) => runNetform(m, ['apply', '-'], { input: lab(parts) });
    const usual = ['br0 2 off off on', 'br0 100 off off on'];
    await made({
      p1: ', port: { cost: 10, isolated: true, hairpin: true }',
      vx0: ', port: { cost: 9, learning: false }',
    });
    expect(await settings(m)).toEqual(['br0 10 on on on', 'br0 9 off off off']);
    await made({});
    expect(await settings(m)).toEqual(usual);
    await m.must('ip -n red link set p1 type bridge_slave isolated on cost 12');
    await made({});
    expect(await settings(m)).toEqual(usual);
  }));
