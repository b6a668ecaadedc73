import { resolve } from 'node:path';
import { bootId } from '../../kernel/boot.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { Machine } from '../../model/machine.ts';
import type { Observation } from '../../model/resource.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import type { SavedPlan } from '../../model/results/saved-plan.ts';
import type { State } from '../../model/state.ts';
import { sha256 } from '../../model/values/hash.ts';
import { readPlanFile, writePlanFile } from '../../store/plan-file.ts';
import { readState } from '../../store/state.ts';
import { STORE_PATHS } from '../../store/store-paths.ts';
import { currentAddresses } from '../topology/current-addresses.ts';
import { resolveRequest, type TopologyRequest, type TopologyResolution } from '../topology/resolve.ts';
import type { Comparison, ForeignPolicy } from './compare.ts';

/** A plan as it is saved: with what it was made from, and what was read of everything that it touches. */
export function toSavedPlan(
  { request, choice }: { readonly request: TopologyRequest; readonly choice: ForeignPolicy },
  drafted: TopologyResolution,
  { goal, planned, view }: Comparison,
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
    topology: sha256(drafted.source.rendered),
    state: stateSha(readState(STORE_PATHS, goal.lab)),
    seen: Object.fromEntries(view.described.map(({ operation: { id } }) => [id, observedSha(planned.found.get(id))])),
    operations: view.described.map(({ operation, lines }) => ({ ...operation, lines })),
    ...{ extras, empties, order, read: plan.read },
  };
}

/** The plan in the file that the user named; null: it is a topology. Throws E_USAGE when more was asked for. */
export function readSavedPlan(request: TopologyRequest, choice: ForeignPolicy): SavedPlan | null {
  const saved = request.file === '-' ? null : readPlanFile(request.file);
  if (saved === null) return null;
  const isMore = request.vars.length > 0 || request.varFile !== null;
  if (!isMore && choice.foreign === 'refuse' && choice.extras !== 'pruned') return saved;
  throw netformError('E_USAGE', EXIT.usage, `${request.file} is a saved plan: it says by itself what shall be done`, {
    hint: 'give --var, --var-file, --adopt and --prune to netform plan -o',
  });
}

/** Writes a plan to a new file, or over an older plan. Throws E_PLAN_FILE. */
export const savePlan = writePlanFile;

/** What the plan in a file would do; null: it is none. */
export function savedPlanView(file: string): PlanView | null {
  const saved = readPlanFile(file);
  if (saved === null) return null;
  const { lab, uid, request, operations, order, extras, fate, empties, read } = saved;
  return {
    plan: { lab, uid, stages: [], read },
    described: operations.map(({ lines, ...operation }) => ({ operation, lines })),
    ...{ file: request.file, order, extras, fate, empties },
  };
}

/** The topology of a saved plan, read again. Throws E_STALE when it is not what it was. */
export function resolveSavedPlan(machine: Machine, saved: SavedPlan): TopologyResolution {
  const { file, text, vars, varFile } = saved.request;
  const drafted = resolveSavedRequest(machine, saved, { file, text, vars, varFile });
  if (sha256(drafted.source.rendered) === saved.topology) return drafted;
  throw stalePlanError(saved, [`${file} has changed, or a variable of it`]);
}

function resolveSavedRequest(machine: Machine, saved: SavedPlan, request: TopologyRequest): TopologyResolution {
  try {
    return resolveRequest(request, (lab) => currentAddresses(machine, lab));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'E_NO_FILE')) throw error;
    throw stalePlanError(saved, [error.message]);
  }
}

/** Throws E_STALE (exit 9) unless the machine is still as it was when the plan was saved, so that it does exactly that. */
export function refuseStalePlan(saved: SavedPlan, { goal, planned, view }: Comparison): void {
  const state = readState(STORE_PATHS, goal.lab);
  const now = new Map(view.described.map(({ operation, lines }) => [operation.id, { ...operation, lines }]));
  const then = new Map(saved.operations.map((operation) => [operation.id, operation]));
  const ids = [...new Set([...then.keys(), ...now.keys()])];
  const changed = ids.filter(
    (id) =>
      saved.seen[id] !== observedSha(planned.found.get(id)) ||
      JSON.stringify(then.get(id)) !== JSON.stringify(now.get(id)),
  );
  const extras = saved.fate === 'pruned' ? symmetricDifference(saved.extras, view.extras) : [];
  const reasons = [
    ...(saved.bootId === bootId() ? [] : ['the machine was started again']),
    ...(saved.state === stateSha(state) ? [] : [stateChangeText(state, goal.lab)]),
    ...changed.map((id) => `${id} has changed on the machine`),
    ...extras.map(({ noun, name, netns }) => `${noun} ${name} in ${netns} has come or gone`),
  ];
  if (reasons.length > 0) throw stalePlanError(saved, reasons);
}

type SavedUnmanaged = SavedPlan['extras'];

function symmetricDifference(then: SavedUnmanaged, now: SavedUnmanaged): SavedUnmanaged {
  const lacking = (some: SavedUnmanaged, others: SavedUnmanaged) => {
    const known = new Set(others.map((one) => JSON.stringify(one)));
    return some.filter((one) => !known.has(JSON.stringify(one)));
  };
  return [...lacking(then, now), ...lacking(now, then)];
}

const MAX_REASONS = 5;

function stalePlanError({ savedAt }: SavedPlan, reasons: readonly string[]): NetformError {
  const more = reasons.length - MAX_REASONS;
  return netformError('E_STALE', EXIT.stale, `the plan of ${savedAt.replace('T', ' ').slice(0, 19)} UTC is stale`, {
    details: [...reasons.slice(0, MAX_REASONS), ...(more > 0 ? [`and ${more} more`] : [])],
    hint: 'make it again with netform plan -o; nothing was changed',
  });
}

const stateChangeText = (state: State | null, lab: string): string =>
  state === null ? `the lab ${lab} was destroyed since` : `the lab ${lab} was applied since, at ${state.appliedAt}`;

const stateSha = (state: State | null): string | null => (state === null ? null : sha256(JSON.stringify(state)));
const observedSha = (found: Observation | undefined): string =>
  sha256(JSON.stringify([found?.spec ?? null, found?.owner ?? null]));
