import { checkMachine, machineQuery } from '../checks/index.ts';
import { extrasOf, extrasQuery } from '../engine/extras.ts';
import type { Goal } from '../engine/goal.ts';
import { leaveOpen } from '../engine/left-open.ts';
import { type Planned, plan, planFrom } from '../engine/plan.ts';
import { sshSession } from '../kernel/ssh.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { EXIT } from '../model/error.ts';
import type { Extra } from '../model/kind.ts';
import type { Lab } from '../model/lab.ts';
import type { Machine } from '../model/machine.ts';
import { operationsOf } from '../model/operation.ts';
import type { PlanView } from '../report/plan.ts';
import { step } from '../report/step.ts';
import { ROOTS } from '../store/roots.ts';
import { readState } from '../store/state.ts';
import type { Draft } from './draft.ts';
import { exitCodeOf, type Findings, findingsOf } from './findings.ts';
import { goalOfLab } from './goal.ts';
import { viewOf } from './view.ts';

/** A draft seen against the machine: what would have to happen, and what is in the way of it. */
export type Survey = {
  readonly goal: Goal;
  readonly planned: Planned;
  readonly view: PlanView;
  readonly findings: Findings;
  readonly extras: readonly Extra[];
};

/** A draft without errors. */
export type Sound = Draft & { readonly lab: Lab };

export const isSound = (drafted: Draft): drafted is Sound =>
  drafted.lab !== null && exitCodeOf(drafted.diagnostics) === EXIT.done;

/** `ssh`: what it is that the plan would cut the session that it is made in; null: that is provided for. */
type Manner = Choice & { readonly ssh: Diagnostic['severity'] | null };

/** What is to become of what is not ours: of objects in the way, and of others in our namespaces. */
export type Choice = { readonly foreign: 'refuse' | 'adopt'; readonly extras?: PlanView['fate'] };

/** Lab → Resource[] → what is there → Plan. Reads the machine, changes nothing. */
export const survey = (machine: Machine, drafted: Sound, manner: Manner): Survey =>
  step('comparing with the machine', drafted.lab.namespaces.length, () => surveyed(machine, drafted, manner));

function surveyed(machine: Machine, drafted: Sound, { foreign, ssh, extras: fate = 'kept' }: Manner): Survey {
  const { lab, file } = drafted;
  const state = readState(ROOTS, lab.name);
  const plain = goalOfLab(lab, state, { foreign, extraQuery: machineQuery(lab) });
  const wanted = { ...plain, extraQuery: { ...plain.extraQuery, ...extrasQuery(plain) } };
  const first = plan(machine, wanted);
  const goal = leaveOpen(wanted, first.found);
  const planned = goal === wanted ? first : planFrom(first.live, goal);
  const recorded = state?.resources ?? [];
  const ends = ssh === null ? null : sshSession();
  const session = ssh && ends && { ...ends, operations: operationsOf(planned.plan), severity: ssh };
  const context = { recorded, session };
  const findings = findingsOf(drafted, [...planned.diagnostics, ...checkMachine(lab, planned.live, context)]);
  const namespaces = lab.namespaces.map((namespace) => namespace.name);
  const extras = extrasOf(goal, planned);
  return { goal, planned, view: viewOf(goal, planned.plan, { file, namespaces, extras, fate }), findings, extras };
}
