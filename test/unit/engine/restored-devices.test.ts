import { expect, test } from 'vitest';
import { converge } from '../../../src/engine/converge.ts';
import type { Goal } from '../../../src/engine/goal.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { addLink, netnsOf } from '../../support/fake/world.ts';
import { fakeMachine } from '../../support/fake-machine.ts';

const LAB = JSON.stringify({ version: 1, name: 'lab', host: { sysctls: { 'net.ipv4.ip_forward': 1 } } });
const DEVICE = 'net/ipv4/conf/eth9/forwarding';
const QUICK = { wait: async () => {} };

test('a destroy restores a device of the machine when the first attempt was refused after the switch', async () => {
  const machine = fakeMachine();
  const host = netnsOf(machine.world, 'host');
  addLink(host, 'eth9', { kind: 'dummy', mac: '00:00:00:00:00:09', mtu: 1500, group: 0 });
  host.sysctls.set(DEVICE, '1');
  const { topology } = loadTopology(LAB, { file: 'x', vars: {}, varFile: null });
  if (!topology) throw new Error(LAB);
  const goal: Goal = {
    ...{ kinds, lab: 'lab', uid: '0a1b2c3d', desired: compileLab(elaborateTopology(topology, {})) },
    ...{ recorded: new Map(), heldByOthers: new Set<string>(), foreign: 'refuse', extraQuery: [] },
  };
  const applied = await converge(machine, goal, QUICK);
  const refused: string[] = [];
  machine.refuseWhen((_nth, one) => {
    const isFirst = one.do === 'sysctl.restore' && one.key === DEVICE && refused.length === 0;
    if (isFirst) refused.push(one.key);
    return isFirst;
  });
  const recorded = new Map((applied.recorded ?? []).map((one) => [one.id, one]));
  const destroyed = await converge(machine, { ...goal, desired: [], recorded }, { ...QUICK, onFailure: 'continue' });
  expect({ status: destroyed.status, refused }).toEqual({ status: 'reached', refused: [DEVICE] });
  expect(host.sysctls.get(DEVICE)).toBe('1');
});
