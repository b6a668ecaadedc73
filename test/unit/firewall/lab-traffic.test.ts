import { expect, test } from 'vitest';
import { bridgedFlows } from '../../../src/firewall/lab-traffic.ts';
import { bridgeOf, labWith } from '../kinds/fixture.ts';

const member = (netns: string, prefix: string) => ({ netns, dev: 'eth0', prefixes: [prefix], at: [] });
const lanOf = (name: string, members: readonly ReturnType<typeof member>[]) => ({
  label: name,
  bridge: { netns: 'host', name },
  subnets: [],
  gateways: [],
  members,
  at: [],
});
const members = [member('red', '10.0.0.1/24'), member('blue', '10.0.0.2/24')];

test('frames between two ports pass the filters of the machine, unless a program switches them', () => {
  const lans = [lanOf('lan', members), lanOf('sw0', members)];
  const bridges = [
    bridgeOf('host', 'lan'),
    { ...bridgeOf('host', 'sw0'), kind: 'ovs', madeByProgram: true as const },
    { ...bridgeOf('left', 'lan'), kind: 'ovs', madeByProgram: true as const },
  ];
  expect(bridgedFlows(labWith({ lans, bridges }))).toEqual([
    { family: 4, iif: 'lan', oif: 'lan', from: '10.0.0.1', to: '10.0.0.2', forwarded: false },
  ]);
});
