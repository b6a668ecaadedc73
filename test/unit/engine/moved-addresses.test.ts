import { expect, test } from 'vitest';
import { converge } from '../../../src/engine/converge.ts';
import type { Goal } from '../../../src/engine/goal.ts';
import type { StateEntry } from '../../../src/model/kind.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { type FakeMachine, fakeMachine } from '../../support/fake-machine.ts';

type Namespaces = { readonly [name: string]: object };

const at = (address: readonly string[], more: object = {}): object => ({
  interfaces: { eth0: { bridge: 'lan', address, ...more } },
});
const red = at(['10.1.0.2', 'fd00:1::2']);
const blue = at(['10.1.0.3']);
const both: Namespaces = { red, blue };

test('a lab that was not there says nothing, nor does one in which no address is new', async () => {
  const { machine, recorded } = await lab(both);
  expect(machine.announced).toEqual([]);
  const more = { ...both, red: { ...red, routes: [{ to: '10.9.0.0/16', via: '10.1.0.3' }] } };
  const next = await reach(machine, goalOf(more, recorded));
  const last = await reach(machine, goalOf({ ...more, blue: at(['10.1.0.3'], { mtu: 1400 }) }, next));
  expect(machine.announced).toEqual([]);
  await reach(machine, goalOf({}, last));
  expect(machine.announced).toEqual([]);
});

const moves: readonly (readonly [string, Namespaces, object])[] = [
  ['a namespace more', { ...both, green: at(['10.1.0.4']) }, { green: ['10.1.0.4'] }],
  ['another name', { crimson: red, blue }, { crimson: ['10.1.0.2', 'fd00:1::2'] }],
  ['an address that moves', { red: at(['fd00:1::2']), blue: at(['10.1.0.3', '10.1.0.2']) }, { blue: ['10.1.0.2'] }],
  [
    'another MAC',
    { red: at(['10.1.0.2', 'fd00:1::2'], { mac: '02:00:00:00:00:07' }), blue },
    { red: ['10.1.0.2', 'fd00:1::2'] },
  ],
];

test.each(moves)('%s: who got it says so, and nobody else', async (_, after, expected) => {
  const { machine, recorded } = await lab(both);
  await reach(machine, goalOf(after, recorded));
  expect(said(machine)).toEqual(expected);
});

test('the switch of the host says where its address is now', async () => {
  const { machine, recorded } = await lab({ red: at(['10.1.0.1']) });
  const host = { bridges: { lan: { subnet: '10.1.0.0/24', address: '10.1.0.1' } } };
  await reach(machine, goalOf({ red: at(['10.1.0.2']) }, recorded, host));
  expect(said(machine)).toEqual({ host: ['10.1.0.1'], red: ['10.1.0.2'] });
});

test('after a rollback those say so who have it again', async () => {
  const { machine, recorded } = await lab(both);
  machine.refuseWhen((_, one) => one.do === 'route.add');
  const routes = [{ to: '10.9.0.0/16', via: '10.1.0.4' }];
  const goal = goalOf({ crimson: { ...red, routes }, blue, green: at(['10.1.0.4']) }, recorded);
  const { rollback } = await converge(machine, goal, { wait: async () => {} });
  expect(rollback?.status).toBe('reached');
  expect(said(machine)).toEqual({ red: ['10.1.0.2', 'fd00:1::2'] });
});

const said = ({ announced }: FakeMachine): object =>
  Object.fromEntries(announced.map(({ netns, addresses }) => [netns, addresses.toSorted()]));

async function lab(namespaces: Namespaces) {
  const machine = fakeMachine();
  return { machine, recorded: await reach(machine, goalOf(namespaces, [])) };
}

async function reach(machine: FakeMachine, goal: Goal): Promise<readonly StateEntry[]> {
  const { status, diagnostics, recorded } = await converge(machine, goal, { wait: async () => {} });
  expect({ status, diagnostics }).toEqual({ status: 'reached', diagnostics: [] });
  return recorded ?? [];
}

function goalOf(namespaces: Namespaces, records: readonly StateEntry[], more: object = {}): Goal {
  const bridges = { lan: { subnet: ['10.1.0.0/24', 'fd00:1::/64'] } };
  const text = JSON.stringify({ version: 1, name: 'lab', bridges, dns: { names: false }, ...more, namespaces });
  const { topology } = loadTopology(text, { file: 'x', vars: {}, varFile: null });
  if (!topology) throw new Error(text);
  const recorded = new Map(records.map((one) => [one.id, one]));
  const desired = compileLab(elaborateTopology(topology, {}));
  const rest = { foreign: 'refuse', heldByOthers: new Set<string>(), extraQuery: [] } as const;
  return { kinds, lab: 'lab', uid: '0a1b2c3d', desired, recorded, ...rest };
}
