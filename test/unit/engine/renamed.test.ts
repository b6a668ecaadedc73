import { expect, test } from 'vitest';
import { converge } from '../../../src/engine/converge.ts';
import type { Goal } from '../../../src/engine/goal.ts';
import type { StateEntry } from '../../../src/model/kind.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { type FakeMachine, fakeMachine } from '../../support/fake-machine.ts';

const labOf = (links: readonly string[], more: object = {}) =>
  JSON.stringify({ version: 1, name: 'lab', namespaces: { red: {}, blue: {} }, links, ...more });

const cable = labOf(['host:x -- red:eth0']);
const others: readonly (readonly [string, string])[] = [
  ['a cable that is written the other way round', labOf(['red:eth0 -- host:y'])],
  ['a cable to somewhere else', labOf(['blue:eth0 -- red:eth0'])],
  ['a bridge that takes its name', labOf([], { bridges: { x: '10.1.0.0/24' } })],
];

test.each(others)('%s, and back again', async (_, other) => {
  const machine = fakeMachine();
  let recorded = await reach(machine, cable, []);
  const before = machine.dump();
  recorded = await reach(machine, other, recorded);
  await reach(machine, cable, recorded);
  expect(machine.dump()).toBe(before);
});

async function reach(
  machine: FakeMachine,
  text: string,
  recorded: readonly StateEntry[],
): Promise<readonly StateEntry[]> {
  const { topology } = loadTopology(text, { file: 'x', vars: {}, varFile: null });
  if (!topology) throw new Error(text);
  const goal: Goal = {
    ...{ kinds, lab: 'lab', uid: '0a1b2c3d', desired: compileLab(elaborateTopology(topology, {})) },
    ...{ recorded: new Map(recorded.map((one) => [one.id, one])), heldByOthers: new Set<string>() },
    ...{ foreign: 'refuse', extraQuery: [] },
  };
  const result = await converge(machine, goal, { wait: async () => {} });
  const { status, diagnostics, remaining } = result;
  expect({ status, diagnostics, remaining }).toEqual({ status: 'reached', diagnostics: [], remaining: [] });
  return result.recorded ?? [];
}
