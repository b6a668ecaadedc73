import { existsSync } from 'node:fs';
import type { Random } from '../random.ts';
import { type LabPart, pick } from './part.ts';

/** Whether the machine has the programs of Open vSwitch (test/support/fetched-programs.ts lays them over its /usr). */
export const hasOpenVswitch = (): boolean => existsSync('/usr/sbin/ovs-vswitchd');

/** A namespace with an Open vSwitch, one or two VLANs, and ports of some namespaces; sometimes one of the machine, too. */
export const ovs: LabPart = {
  name: 'ovs',
  add: (lab, dice) => {
    const names = Object.keys(lab.namespaces);
    if (names.length === 0 || 'vsw' in lab.namespaces) return false;
    const isAware = dice.often(60);
    const vlans = { red: { id: 10, subnet: ['10.74.0.0/24', 'fd00:74::/64'] }, blue: { id: 20 } };
    const bridge = {
      kind: 'ovs',
      ...(isAware ? { vlans } : { subnet: '10.74.0.0/24', address: dice.one(['none', '10.74.0.254']) }),
      ...(dice.often(20) ? { stp: true } : {}),
      ...(dice.often(20) ? { mtu: 1400 } : {}),
    };
    lab.namespaces['vsw'] = { interfaces: {}, bridges: { sw1: bridge } };
    const ports: string[] = [];
    for (const name of new Set([pick(dice, names), pick(dice, names)])) {
      const interfaces = lab.namespaces[name ?? '']?.interfaces;
      if (interfaces === undefined) continue;
      const port = dice.one([{ access: 'red' }, { access: 'blue' }, { trunk: ['red', '30-32'], native: 'blue' }]);
      interfaces['ov0'] = { bridge: 'vsw:sw1', gateway: false, ...(isAware ? { port } : {}) };
      ports.push(`${name}:ov0`);
    }
    if (dice.often(40)) Object.assign(bridge, { flows: flowsOf(ports, dice) });
    if (ports[0] !== undefined && dice.often(40)) Object.assign(bridge, { mirrors: { m1: mirrorOf(ports, dice) } });
    if (dice.often(30)) lab.bridges['ovhost'] = { kind: 'ovs', address: '10.75.0.1/24' };
    return true;
  },
};

/** One to three flows, of some of the ports. */
function flowsOf(ports: readonly string[], dice: Random): readonly string[] {
  const match = (): string => {
    const port = pick(dice, ports);
    return port === null || dice.often(40) ? '' : `in_port="${port}",`;
  };
  const count = 1 + dice.below(3);
  return Array.from({ length: count }, (_, nth) => {
    const actions = dice.one(['drop', 'NORMAL', 'output:"sw1"', 'resubmit(,1)']);
    const words = dice.one(['ip,nw_dst=10.74.0.9,', 'ipv6,', 'arp,', 'tcp,tp_dst=22,', '']);
    return `${dice.one(['', 'table=1,', 'cookie=0x7,'])}priority=${10 + nth},${words}${match()}actions=${actions}`;
  });
}

const mirrorOf = (ports: readonly string[], dice: Random): unknown => ({
  ...(dice.often(50) ? { of: dice.one<unknown>([ports, ports[0]]), direction: dice.one(['both', 'in', 'out']) } : {}),
  ...(dice.often(30) ? { vlans: [dice.one<unknown>([10, '20-21'])] } : {}),
  to: ports.at(-1),
});
