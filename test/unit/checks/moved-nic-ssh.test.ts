import { expect, test } from 'vitest';
import { findSshCut, sshCutText } from '../../../src/checks/machine/cuts-ssh.ts';
import { planGoal } from '../../../src/engine/plan/plan.ts';
import { operationsOf } from '../../../src/model/operation.ts';
import { addLink, netnsOf } from '../../support/fake/world.ts';
import { fakeMachine } from '../../support/fake-machine.ts';
import { goalOf, load, resolve } from '../../support/plan-case.ts';

const SESSION = { client: '198.51.100.7', server: '203.0.113.5' };

/** Whether moving `nic` cuts the session, which comes by eth0. */
function cutBy(nic: string): string | null {
  const machine = fakeMachine();
  const host = netnsOf(machine.world, 'host');
  for (const name of ['eth0', 'eth1'])
    Object.assign(addLink(host, name, { kind: null, mac: '52:54:00:00:00:01', mtu: 1500, group: 0 }), { up: true });
  const text = `version: 1\nname: lab\nnamespaces:\n  red: { interfaces: { wan: { move: "host:${nic}", address: none } } }\n`;
  const planned = planGoal(machine, { ...goalOf(resolve(load(text)), []), extraQuery: [] });
  const live = planned.live.get({ need: 'namespace', netns: 'host' });
  if (!live) throw new Error('the machine was not read');
  const hop = { via: '203.0.113.1', dev: 'eth0', weight: 1, onlink: false };
  const route = { to: '0.0.0.0/0', type: 'unicast', hops: [hop], src: null, metric: 0, table: 254, mtu: null } as const;
  const cut = findSshCut(operationsOf(planned.plan), { ...live, routes: [{ ...route, protocol: 3 }] }, SESSION);
  return cut && sshCutText(cut);
}

test('the NIC of the SSH session is not moved without a word, another one is', () => {
  expect(cutBy('eth0')).toBe(
    'move:red/wan takes the link to 198.51.100.7 away from the machine, where this SSH session comes from',
  );
  expect(cutBy('eth1')).toBe(null);
});
