import { expect, test } from 'vitest';
import { converge } from '../../../src/engine/converge.ts';
import { planGoal } from '../../../src/engine/plan/plan.ts';
import type { StateEntry } from '../../../src/model/kind.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { addLink, linkOf, netnsOf } from '../../support/fake/world.ts';
import { type FakeMachine, fakeMachine } from '../../support/fake-machine.ts';
import { goalOf, load, resolve } from '../../support/plan-case.ts';

const labOf = (interfaces: string): Lab =>
  resolve(
    load(`version: 1\nname: lab\nnamespaces:\n  red:\n    bridges: { lan: {} }\n    interfaces: ${interfaces}\n`),
  );

const goal = (lab: Lab, recorded: readonly StateEntry[] = []) => ({ ...goalOf(lab, recorded), extraQuery: [] });

/** A machine with a NIC that is up, with an MTU and an alias of its own. */
function machineWithNic(): FakeMachine {
  const machine = fakeMachine();
  const nic = addLink(netnsOf(machine.world, 'host'), 'eth2', {
    ...{ kind: null, mac: '52:54:00:00:00:02', mtu: 9000, group: 3 },
  });
  Object.assign(nic, { up: true, alias: 'to the office' });
  return machine;
}

async function reach(machine: FakeMachine, lab: Lab, recorded: readonly StateEntry[], isWanted = true) {
  const wanted = { ...goal(lab, recorded), ...(isWanted ? {} : { desired: [] }) };
  const result = await converge(machine, wanted, { wait: async () => {} });
  expect(result).toMatchObject({ status: 'reached', failures: [] });
  return result.recorded ?? [];
}

const linkIn = (machine: FakeMachine, netns: string, name: string) => linkOf(netnsOf(machine.world, netns), name);

test('a NIC keeps its MAC and its MTU in the namespace, and is on the machine afterwards as it was', async () => {
  const machine = machineWithNic();
  const before = machine.dump();
  const lab = labOf('{ wan: { move: "host:eth2", address: 10.0.0.1/24 } }');
  const recorded = await reach(machine, lab, []);
  expect(linkIn(machine, 'red', 'wan')).toMatchObject({ mac: '52:54:00:00:00:02', mtu: 9000, up: true });
  expect(machine.world.netns.get('host')?.links.has('eth2')).toBe(false);
  expect(planGoal(machine, goal(lab, recorded)).plan.stages).toEqual([]);
  await reach(machine, lab, recorded, false);
  expect(machine.dump()).toBe(before);
});

test('a written MTU is undone; one that is no longer in the file goes back while its namespace stays', async () => {
  const machine = machineWithNic();
  const lab = labOf('{ eth2: { move: "host:eth2", mtu: 1400, bridge: lan } }');
  let recorded = await reach(machine, lab, []);
  expect(linkIn(machine, 'red', 'eth2')).toMatchObject({ mtu: 1400, master: 'lan' });
  recorded = await reach(machine, labOf('{}'), recorded);
  expect(linkIn(machine, 'host', 'eth2')).toMatchObject({ mtu: 9000, up: true, alias: 'to the office', group: 3 });
  expect(machine.world.netns.get('red')?.links.has('lan')).toBe(true);
});

test('the namespace was deleted by hand: the NIC is back under the name that it had there, and is moved again', async () => {
  const machine = machineWithNic();
  const before = machine.dump();
  const lab = labOf('{ wan: { move: "host:eth2", address: 10.0.0.1/24 } }');
  let recorded = await reach(machine, lab, []);
  machine.execute([{ do: 'netns.delete', netns: 'red' }]);
  expect(linkIn(machine, 'host', 'wan')).toMatchObject({ up: false });
  recorded = await reach(machine, lab, recorded);
  expect(linkIn(machine, 'red', 'wan')).toMatchObject({ up: true });
  machine.execute([{ do: 'netns.delete', netns: 'red' }]);
  await reach(machine, lab, recorded, false);
  expect(machine.dump()).toBe(before);
});

test('a run that fails after any instruction leaves the machine as it was', async () => {
  const lab = labOf('{ wan: { move: "host:eth2", address: 10.0.0.1/24 } }');
  for (let nth = 1; ; nth++) {
    const machine = machineWithNic();
    const before = machine.dump();
    machine.refuseWhen((one) => one === nth);
    const result = await converge(machine, goal(lab), { wait: async () => {} });
    if (result.status === 'reached') return;
    expect(machine.dump(), `after the ${nth}th instruction`).toBe(before);
  }
});

test('what is no NIC of the machine, or needed by others of the file, is refused', () => {
  const both = '{ a: { move: "host:eth2" }, b: { macvlan: { parent: "host:eth2" }, address: none } }';
  expect(() => labOf(both)).toThrow('red:b needs host:eth2, and red:a moves it away');
  const withMac = '{ a: { move: "host:eth2", mac: "02:00:00:00:00:01" } }';
  expect(() => labOf(withMac)).toThrow('red:a has the MAC of its parent, and no other');
  expect(() => labOf('{ a: { move: eth2 } }')).toThrow('eth2');
});
