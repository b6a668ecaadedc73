import { expect, it } from 'vitest';
import type { StateEntry } from '../../../src/model/kind.ts';
import { checkMachine } from '../../../src/registry/checks.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { liveOf } from '../../support/live.ts';

const LAB = 'version: 1\nname: example\nbridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }\n';
const RECORDED: StateEntry = {
  kind: 'address',
  id: 'address:host/eth1',
  netns: 'host',
  spec: { dev: 'eth1', prefixes: ['10.0.0.1/24'], existing: true },
  dependsOn: [],
  within: [],
  before: null,
};

const machine = liveOf({
  links: { eth1: { addresses: ['10.0.0.1/24'] } },
  routes: [{ to: '10.0.0.0/24', dev: 'eth1' }],
});

it.each([
  ['is in the way when a stranger made it', [], ['subnet-on-machine']],
  ['is not when the lab moves it to a bridge', [RECORDED], []],
])('a subnet on a link of the machine %s', (_what, recorded, checks) => {
  const { topology } = loadTopology(LAB, { file: 'lab.yaml', vars: {}, varFile: null });
  if (!topology) throw new Error('the lab cannot be read');
  const found = checkMachine(elaborateTopology(topology, {}), machine, { file: 'lab.yaml', recorded });
  expect(found.map(({ check }) => check)).toEqual(checks);
});
