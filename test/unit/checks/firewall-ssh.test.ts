import { expect, test } from 'vitest';
import { findSshCut, sshCutText } from '../../../src/checks/machine/cuts-ssh.ts';
import { planGoal } from '../../../src/engine/plan/plan.ts';
import { operationsOf } from '../../../src/model/operation.ts';
import { addLink, netnsOf } from '../../support/fake/world.ts';
import { fakeMachine } from '../../support/fake-machine.ts';
import { goalOf, load, resolve } from '../../support/plan-case.ts';

const SESSION = { client: '198.51.100.7', server: '10.0.0.1' };

/** Whether a firewall of the machine cuts the session, whose client is behind a link. */
function cutBy(firewall: string, { dev = 'lan', port }: { readonly dev?: string; readonly port?: number } = {}) {
  const machine = fakeMachine();
  const host = netnsOf(machine.world, 'host');
  Object.assign(addLink(host, 'eth0', { kind: null, mac: '52:54:00:00:00:01', mtu: 1500, group: 0 }), { up: true });
  const text = `
version: 1
name: lab
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
firewall: ${firewall}
`;
  const planned = planGoal(machine, { ...goalOf(resolve(load(text)), []), extraQuery: [] });
  const live = planned.live.get({ need: 'namespace', netns: 'host' });
  if (!live) throw new Error('the machine was not read');
  const hop = { via: '203.0.113.1', dev, weight: 1, onlink: false };
  const route = { to: '0.0.0.0/0', type: 'unicast', hops: [hop], src: null, metric: 0, table: 254, mtu: null } as const;
  const session = { ...SESSION, ...(port === undefined ? {} : { port }) };
  const operations = operationsOf(planned.plan).filter(({ kind }) => kind === 'nft');
  expect(operations.length).toBe(1);
  const cut = findSshCut(operations, { ...live, routes: [{ ...route, protocol: 3 }] }, session);
  return cut && sshCutText(cut);
}

const CUT = 'nft:host/netform_lab has a firewall that stops 198.51.100.7, where this SSH session comes from';

test('a firewall that would stop the client of the SSH session is found', () => {
  for (const firewall of [
    '{ input: drop }',
    '{ input: reject, allow: [{ ports: [2222] }, { proto: icmp }] }',
    '{ deny: [{ from: 198.51.100.0/24 }] }',
    '{ deny: [{ in: lan, ports: [1-1000] }] }',
    '{ input: drop, allow: [{ from: red }, { from: { cidr: 198.51.0.0/16, except: [198.51.100.7] } }] }',
  ])
    expect(cutBy(firewall), firewall).toBe(CUT);
});

test('one that lets it in is not, nor one for other ports, nor is a link that the lab does not make', () => {
  for (const firewall of [
    '{ forward: drop, output: drop }',
    '{ input: drop, allow: [{ from: outside }] }',
    '{ input: drop, allow: [{ from: outside, to: host, ports: [22] }] }',
    '{ deny: [{ from: red }, { ports: [80, 22/udp] }] }',
    '{ deny: [{ in: eth9 }] }',
  ])
    expect(cutBy(firewall), firewall).toBeNull();
  expect(cutBy('{ input: drop }', { dev: 'eth0' })).toBeNull();
  expect(cutBy('{ input: drop, allow: [{ ports: [2222] }] }', { port: 2222 })).toBeNull();
});
