import { existsSync } from 'node:fs';
import { type Goal, kindContext, kindOf } from '../../engine/goal.ts';
import { type GoalPlan, planGoal } from '../../engine/plan/plan.ts';
import { findUnmanagedObjects, unmanagedQuery } from '../../engine/unmanaged.ts';
import type { StateEntry } from '../../model/kind.ts';
import { type Operation, operationsOf, type PlanLine } from '../../model/operation.ts';
import type { LabView, ResourceView } from '../../model/results/lab-view.ts';
import { withProgress } from '../../model/results/progress.ts';
import type { State } from '../../model/state.ts';
import { stateGoal } from '../planning/goals.ts';
import { toUnmanagedLine } from '../planning/plan-view.ts';
import type { Session } from '../session.ts';

/** Each resource of a lab compared with the machine. */
export function compareWithState(session: Session, state: State): LabView {
  const size = state.resources.length / RESOURCES_PER_NAMESPACE;
  return withProgress(session.progress, [`comparing ${state.lab} with its record`, size], () =>
    buildLabView(session, state),
  );
}

const RESOURCES_PER_NAMESPACE = 5;

function buildLabView({ machine, store }: Session, state: State): LabView {
  const plain = stateGoal(store, state);
  const goal = { ...plain, extraQuery: unmanagedQuery(plain) };
  const planned = planGoal(machine, goal);
  const operations = new Map(operationsOf(planned.plan).map((one) => [one.id, one]));
  const resources = state.resources.map((recorded) => resourceView(planned, recorded, operations.get(recorded.id)));
  const extras = findUnmanagedObjects(planned).map(toUnmanagedLine);
  const { lab, uid, file, appliedAt } = state;
  const missing = file === null || existsSync(file) ? {} : ({ isFileMissing: true } as const);
  return { lab, uid, file, ...missing, appliedAt, resources, extras };
}

function resourceView({ goal, live }: GoalPlan, recorded: StateEntry, repair: Operation | undefined): ResourceView {
  const { kind, id, netns, spec } = recorded;
  const about = { kind, id, netns, recorded: spec };
  if (repair === undefined || repair.cause === 'cascade') {
    return {
      ...about,
      status: 'ok',
      found: spec,
      changes: [],
      lines: withStatus(
        describeOperation(goal, toCreateOperation(recorded)),
        kindOf(goal, recorded).status?.(live, recorded, kindContext(goal, id)) ?? null,
      ),
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

const withStatus = (lines: readonly PlanLine[], status: string | null): readonly PlanLine[] =>
  status === null ? lines : lines.map((line) => ({ ...line, text: status }));

const describeOperation = (goal: Goal, operation: Operation) => kindOf(goal, operation).describe(operation);

const toCreateOperation = ({ kind, id, netns, spec, dependsOn, within }: StateEntry): Operation => ({
  action: 'create',
  kind,
  id,
  netns,
  before: null,
  after: spec,
  changes: [],
  cause: 'file',
  takenBy: null,
  dependsOn,
  within,
  origin: null,
  note: null,
});
