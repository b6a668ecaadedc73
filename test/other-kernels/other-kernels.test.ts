import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { converge } from '../../src/engine/converge.ts';
import { planGoal } from '../../src/engine/plan/plan.ts';
import type { StateEntry } from '../../src/model/kind.ts';
import type { Lab } from '../../src/model/lab.ts';
import { renderAscii } from '../../src/picture/text/ascii.ts';
import { instructionBatches, toPlanView } from '../../src/pipeline/planning/plan-view.ts';
import { checkLab } from '../../src/registry/checks.ts';
import { shortShellScript } from '../../src/registry/short-script.ts';
import { plainPaint } from '../../src/report/text/colour.ts';
import { planText } from '../../src/report/text/plan.ts';
import { addLink, netnsOf } from '../support/fake/world.ts';
import { type FakeMachine, fakeMachine } from '../support/fake-machine.ts';
import { repository } from '../support/machine.ts';
import { goalOf, load, resolve } from '../support/plan-case.ts';
import { examplePicture } from '../unit/picture/example-pictures.ts';

const FOLDER = join(repository, 'topologies/other-kernels');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

/** A machine with the NICs that the lab moves or takes as ports, which are up. */
function machineWithNics(lab: Lab): FakeMachine {
  const machine = fakeMachine();
  const moved = lab.links.flatMap(({ isFound, lower }) => (isFound && lower ? lower : []));
  for (const { name } of [...moved, ...lab.existing]) {
    const mac = `52:54:00:00:00:0${name.at(-1)}`;
    const nic = addLink(netnsOf(machine.world, 'host'), name, { kind: null, mac, mtu: 1500, group: 0 });
    Object.assign(nic, { up: true, alias: 'to the office' });
  }
  return machine;
}

/** The machine in memory is an empty one with a kernel that has every kind of link. */
const asked = (lab: Lab, recorded: readonly StateEntry[] = []) => ({ ...goalOf(lab, recorded), extraQuery: [] });

async function reach(machine: FakeMachine, lab: Lab, recorded: readonly StateEntry[], isWanted: boolean) {
  const goal = { ...asked(lab, recorded), ...(isWanted ? {} : { desired: [] }) };
  const result = await converge(machine, goal, { wait: async () => {} });
  expect(result).toMatchObject({ status: 'reached', failures: [] });
  return result.recorded ?? [];
}

test.each(names)('%s is sound, planned, drawn, and goes without a trace', async (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const loaded = load(text);
  const lab = resolve(loaded);
  expect([...loaded.diagnostics, ...lab.problems]).toEqual([]);
  expect(loaded.topology && checkLab(loaded.topology, lab)).toEqual([]);

  const machine = machineWithNics(lab);
  const before = machine.dump();
  const planned = planGoal(machine, asked(lab));
  const namespaces = lab.namespaces.map(({ name }) => name);
  const view = toPlanView(planned, { file: name, namespaces, source: loaded });
  const shown = [
    planText(view, 'plan', { paint: plainPaint, isFull: false }),
    shortShellScript({ rounds: instructionBatches(planned), isNew: true }),
    renderAscii(examplePicture(text), (_style, words) => words),
  ];
  await expect(shown.join(`\n${'-'.repeat(80)}\n\n`)).toMatchFileSnapshot(name.replace('.yaml', '.out'));

  const recorded = await reach(machine, lab, [], true);
  expect(planGoal(machine, asked(lab, recorded)).plan.stages).toEqual([]);
  expect(await reach(machine, lab, recorded, false)).toEqual([]);
  expect(machine.dump()).toBe(before);
});
