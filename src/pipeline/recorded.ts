import { extrasOf, extrasQuery } from '../engine/extras.ts';
import { type Goal, kindOf } from '../engine/goal.ts';
import { plan } from '../engine/plan.ts';
import type { Recorded } from '../model/kind.ts';
import type { Machine } from '../model/machine.ts';
import { type Operation, operationsOf } from '../model/operation.ts';
import type { State } from '../model/state.ts';
import type { LabView, ResourceView } from '../report/labs.ts';
import { step } from '../report/step.ts';
import { goalOfState } from './goal.ts';

/** A lab's resources, each compared with what the machine has. */
export const compareWithState = (machine: Machine, state: State): LabView =>
  step(`comparing ${state.lab} with its record`, state.resources.length / RESOURCES_A_NAMESPACE, () =>
    compared(machine, state),
  );

const RESOURCES_A_NAMESPACE = 5;

function compared(machine: Machine, state: State): LabView {
  const plain = goalOfState(state);
  const goal = { ...plain, extraQuery: extrasQuery(plain) };
  const planned = plan(machine, goal);
  const operations = new Map(operationsOf(planned.plan).map((one) => [one.id, one]));
  const resources = state.resources.map((recorded) => resourceView(goal, recorded, operations.get(recorded.id)));
  const extras = extrasOf(goal, planned).map(({ remove: _remove, ...line }) => line);
  return { lab: state.lab, uid: state.uid, file: state.file, appliedAt: state.appliedAt, resources, extras };
}

function resourceView(goal: Goal, recorded: Recorded, repair: Operation | undefined): ResourceView {
  const { kind, id, netns, spec } = recorded;
  const about = { kind, id, netns, recorded: spec };
  if (repair === undefined || repair.cause === 'cascade') {
    return { ...about, status: 'ok', found: spec, changes: [], lines: linesOf(goal, made(recorded)) };
  }
  if (repair.before === null) {
    return { ...about, status: 'missing', found: null, changes: [], lines: linesOf(goal, made(recorded)) };
  }
  const { before, changes } = repair;
  if (repair.takenFrom === undefined) {
    return { ...about, status: 'changed', found: before, changes, lines: linesOf(goal, repair) };
  }
  const lines = linesOf(goal, made(recorded)).map((line) => ({ ...line, text: repair.takenFrom ?? '' }));
  return { ...about, status: 'foreign', found: before, changes, lines };
}

const linesOf = (goal: Goal, operation: Operation) => kindOf(goal, operation).describe(operation);

const made = ({ kind, id, netns, spec, dependsOn, within }: Recorded): Operation => ({
  ...{ action: 'create', kind, id, netns, before: null, after: spec, changes: [], cause: 'file', takenBy: null },
  ...{ dependsOn, within, origin: null, note: null },
});
