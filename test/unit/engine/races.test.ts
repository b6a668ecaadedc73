import { expect, test } from 'vitest';
import { converge } from '../../../src/engine/converge.ts';
import type { Goal } from '../../../src/engine/goal.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { type FakeMachine, fakeMachine } from '../../support/fake-machine.ts';

const PATH = '/etc/cni/net.d/10-mynet.conflist';
const TOPOLOGY = {
  version: 1,
  name: 'lab',
  cni: { mynet: { cniVersion: '1.0.0', plugins: [{ type: 'loopback' }] } },
  bridges: { br0: { subnet: '10.0.0.0/24', address: '10.0.0.1' } },
};

function goal(): Goal {
  const { topology } = loadTopology(JSON.stringify(TOPOLOGY), { file: 'x', vars: {}, varFile: null });
  if (!topology) throw new Error('not a topology');
  const desired = compileLab(elaborateTopology(topology, {}));
  const rest = { recorded: new Map(), foreign: 'refuse', heldByOthers: new Set<string>(), extraQuery: [] } as const;
  return { kinds, lab: 'lab', uid: '0a1b2c3d', desired, ...rest };
}

test('what somebody else makes between the plan and the run is not removed by the rollback', async () => {
  const machine = fakeMachine();
  machine.world.folders.add('/etc/cni/net.d');
  const raced: FakeMachine = {
    ...machine,
    execute: (batch) => {
      if (machine.given.length === 0) machine.world.files.set(PATH, 'theirs');
      return machine.execute(batch);
    },
  };
  const result = await converge(raced, goal());
  expect(result).toMatchObject({ status: 'failed', rollback: { status: 'reached' }, failures: [{ code: 'EEXIST' }] });
  expect(machine.world.files.get(PATH)).toBe('theirs');
  expect(machine.world.netns.get('host')?.links.has('br0')).toBe(false);
});

test('a file that only the state could call ours is removed by the rollback of the run that made it', async () => {
  const machine = fakeMachine();
  const before = machine.dump();
  machine.refuseWhen((_nth, one) => one.do === 'address.add');
  expect(await converge(machine, goal())).toMatchObject({ status: 'failed', rollback: { status: 'reached' } });
  expect(machine.given).toContainEqual(expect.objectContaining({ do: 'file.delete', path: PATH }));
  expect(machine.dump()).toBe(before);
});
