import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { bootId } from '../kernel/boot.ts';
import { EXIT, type NetformError, netformError } from '../model/error.ts';
import type { Machine } from '../model/machine.ts';
import type { Found } from '../model/resource.ts';
import type { SavedPlan } from '../model/saved-plan.ts';
import type { State } from '../model/state.ts';
import type { PlanView } from '../report/plan.ts';
import { readPlan, writePlan } from '../store/plan-file.ts';
import { ROOTS } from '../store/roots.ts';
import { readState } from '../store/state.ts';
import { type Draft, draft, type Request } from './draft.ts';
import { stickyOf } from './sticky.ts';
import type { Choice, Survey } from './survey.ts';

/** A plan as it is saved: with what it was made from, and what was read of everything that it touches. */
export function savedPlanOf(
  { request, choice }: { readonly request: Request; readonly choice: Choice },
  drafted: Draft,
  { goal, planned, view }: Survey,
): SavedPlan {
  const { plan, order, extras, empties, fate } = view;
  return {
    ...{ netform: 'plan', version: 1, savedAt: new Date().toISOString(), bootId: bootId() },
    ...{ lab: goal.lab, uid: goal.uid, foreign: choice.foreign, fate },
    request: {
      file: drafted.path ?? drafted.file,
      text: drafted.path === null ? drafted.source.rendered : null,
      vars: drafted.path === null ? [] : request.vars,
      varFile: drafted.path === null || request.varFile === null ? null : resolve(request.varFile),
    },
    topology: sha(drafted.source.rendered),
    state: stateSha(readState(ROOTS, goal.lab)),
    seen: Object.fromEntries(view.described.map(({ operation: { id } }) => [id, foundSha(planned.found.get(id))])),
    operations: view.described.map(({ operation, lines }) => ({ ...operation, lines })),
    ...{ extras, empties, order, read: plan.read },
  };
}

/** The plan in the file that the user named; null: it is a topology. Throws E_USAGE when more was asked for. */
export function savedPlanIn(request: Request, choice: Choice): SavedPlan | null {
  const saved = request.file === '-' ? null : readPlan(request.file);
  if (saved === null) return null;
  const isMore = request.vars.length > 0 || request.varFile !== null;
  if (!isMore && choice.foreign === 'refuse' && choice.extras !== 'pruned') return saved;
  throw netformError('E_USAGE', EXIT.usage, `${request.file} is a saved plan: it says by itself what shall be done`, {
    hint: 'give --var, --var-file, --adopt and --prune to netform plan -o',
  });
}

/** Writes a plan to a new file, or over an older plan. Throws E_PLAN_FILE. */
export const savePlan = writePlan;

/** What the plan in a file would do; null: it is none. */
export function viewOfSaved(file: string): PlanView | null {
  const saved = readPlan(file);
  if (saved === null) return null;
  const { lab, uid, request, operations, order, extras, fate, empties, read } = saved;
  return {
    plan: { lab, uid, stages: [], read },
    described: operations.map(({ lines, ...operation }) => ({ operation, lines })),
    ...{ file: request.file, order, extras, fate, empties },
  };
}

/** The topology of a saved plan, read again. Throws E_STALE when it is not what it was. */
export function draftOfSaved(machine: Machine, saved: SavedPlan): Draft {
  const { file, text, vars, varFile } = saved.request;
  const drafted = drafting(machine, saved, { file, text, vars, varFile });
  if (sha(drafted.source.rendered) === saved.topology) return drafted;
  throw stale(saved, [`${file} has changed, or a variable of it`]);
}

function drafting(machine: Machine, saved: SavedPlan, request: Request): Draft {
  try {
    return draft(request, (lab) => stickyOf(machine, lab));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'E_NO_FILE')) throw error;
    throw stale(saved, [error.message]);
  }
}

/** Throws E_STALE (exit 9) unless the machine is still as it was when the plan was saved, so that it does exactly that. */
export function requireFresh(saved: SavedPlan, { goal, planned, view }: Survey): void {
  const state = readState(ROOTS, goal.lab);
  const now = new Map(view.described.map(({ operation, lines }) => [operation.id, { ...operation, lines }]));
  const then = new Map(saved.operations.map((operation) => [operation.id, operation]));
  const ids = [...new Set([...then.keys(), ...now.keys()])];
  const changed = ids.filter(
    (id) =>
      saved.seen[id] !== foundSha(planned.found.get(id)) ||
      JSON.stringify(then.get(id)) !== JSON.stringify(now.get(id)),
  );
  const extras = saved.fate === 'pruned' ? difference(saved.extras, view.extras) : [];
  const reasons = [
    ...(saved.bootId === bootId() ? [] : ['the machine was started again']),
    ...(saved.state === stateSha(state) ? [] : [stateText(state, goal.lab)]),
    ...changed.map((id) => `${id} has changed on the machine`),
    ...extras.map(({ noun, name, netns }) => `${noun} ${name} in ${netns} has come or gone`),
  ];
  if (reasons.length > 0) throw stale(saved, reasons);
}

type Extras = SavedPlan['extras'];

function difference(then: Extras, now: Extras): Extras {
  const lacking = (some: Extras, others: Extras) => {
    const known = new Set(others.map((one) => JSON.stringify(one)));
    return some.filter((one) => !known.has(JSON.stringify(one)));
  };
  return [...lacking(then, now), ...lacking(now, then)];
}

const MOST_REASONS = 5;

function stale({ savedAt }: SavedPlan, reasons: readonly string[]): NetformError {
  const more = reasons.length - MOST_REASONS;
  return netformError('E_STALE', EXIT.stale, `the plan of ${savedAt.replace('T', ' ').slice(0, 19)} UTC is stale`, {
    details: [...reasons.slice(0, MOST_REASONS), ...(more > 0 ? [`and ${more} more`] : [])],
    hint: 'make it again with netform plan -o; nothing was changed',
  });
}

const stateText = (state: State | null, lab: string): string =>
  state === null ? `the lab ${lab} was destroyed since` : `the lab ${lab} was applied since, at ${state.appliedAt}`;

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const stateSha = (state: State | null): string | null => (state === null ? null : sha(JSON.stringify(state)));
const foundSha = (found: Found | undefined): string => sha(JSON.stringify([found?.spec ?? null, found?.owner ?? null]));
