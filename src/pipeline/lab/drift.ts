import { type Goal, kindOf } from '../../engine/goal.ts';
import { planGoal } from '../../engine/plan/plan.ts';
import { findUnmanagedObjects, unmanagedQuery } from '../../engine/unmanaged.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { Machine } from '../../model/machine.ts';
import { type Operation, operationsOf } from '../../model/operation.ts';
import type { LabView, ResourceView } from '../../model/results/lab-view.ts';
import type { State } from '../../model/state.ts';
import { withStatusLine } from '../../report/progress/status-line.ts';
import { stateGoal } from '../planning/goals.ts';

/** A lab's resources, each compared with what the machine has. */
export const compareWithState = (machine: Machine, state: State): LabView =>
  withStatusLine(`comparing ${state.lab} with its record`, state.resources.length / RESOURCES_PER_NAMESPACE, () =>
    buildLabView(machine, state),
  );

const RESOURCES_PER_NAMESPACE = 5;

function buildLabView(machine: Machine, state: State): LabView {
  const plain = stateGoal(state);
  const goal = { ...plain, extraQuery: unmanagedQuery(plain) };
  const planned = planGoal(machine, goal);
  const operations = new Map(operationsOf(planned.plan).map((one) => [one.id, one]));
  const resources = state.resources.map((recorded) => resourceView(goal, recorded, operations.get(recorded.id)));
  const extras = findUnmanagedObjects(goal, planned).map(({ remove: _remove, ...line }) => line);
  return { lab: state.lab, uid: state.uid, file: state.file, appliedAt: state.appliedAt, resources, extras };
}

function resourceView(goal: Goal, recorded: StateEntry, repair: Operation | undefined): ResourceView {
  const { kind, id, netns, spec } = recorded;
  const about = { kind, id, netns, recorded: spec };
  if (repair === undefined || repair.cause === 'cascade') {
    return {
      ...about,
      status: 'ok',
      found: spec,
      changes: [],
      lines: describeOperation(goal, toCreateOperation(recorded)),
    };
  }
  if (repair.before === null) {
    return {
      ...about,
      status: 'missing',
      found: null,
      changes: [],
      lines: describeOperation(goal, toCreateOperation(recorded)),
    };
  }
  const { before, changes } = repair;
  if (repair.takenFrom === undefined) {
    return { ...about, status: 'changed', found: before, changes, lines: describeOperation(goal, repair) };
  }
  const lines = describeOperation(goal, toCreateOperation(recorded)).map((line) => ({
    ...line,
    text: repair.takenFrom ?? '',
  }));
  return { ...about, status: 'foreign', found: before, changes, lines };
}

const describeOperation = (goal: Goal, operation: Operation) => kindOf(goal, operation).describe(operation);

const toCreateOperation = ({ kind, id, netns, spec, dependsOn, within }: StateEntry): Operation => ({
  ...{ action: 'create', kind, id, netns, before: null, after: spec, changes: [], cause: 'file', takenBy: null },
  ...{ dependsOn, within, origin: null, note: null },
});
