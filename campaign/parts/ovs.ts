import { existsSync } from 'node:fs';
import { type LabPart, pick } from './part.ts';

/** Whether the machine has the programs of Open vSwitch (test/support/openvswitch.ts lays them over its /usr). */
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
    for (const name of new Set([pick(dice, names), pick(dice, names)])) {
      const interfaces = lab.namespaces[name ?? '']?.interfaces;
      if (interfaces === undefined) continue;
      const port = dice.one([{ access: 'red' }, { access: 'blue' }, { trunk: ['red', '30-32'], native: 'blue' }]);
      interfaces['ov0'] = { bridge: 'vsw:sw1', gateway: false, ...(isAware ? { port } : {}) };
    }
    if (dice.often(30)) lab.bridges['ovhost'] = { kind: 'ovs', address: '10.75.0.1/24' };
    return true;
  },
};
