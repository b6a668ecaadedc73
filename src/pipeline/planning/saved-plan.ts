import { resolve } from 'node:path';
import type { Goal } from '../../engine/goal.ts';
import { bootId } from '../../kernel/boot.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { Disruption, Operation } from '../../model/operation.ts';
import type { Observation } from '../../model/resource.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import type { SavedPlan } from '../../model/results/saved-plan.ts';
import type { State } from '../../model/state.ts';
import { sha256 } from '../../model/values/hash.ts';
import { extractShared } from '../../model/values/shared-values.ts';
import { kinds } from '../../registry/kinds.ts';
import { secretsIn } from '../../source/expand/recorded-text.ts';
import { readPlanFile, writePlanFile } from '../../store/plan-file.ts';
import { readState } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { resolveRequest, type TopologyRequest, type TopologyResolution } from '../topology/resolve.ts';
import type { Comparison, ForeignPolicy } from './compare.ts';
import { markOnlyFlag } from './plan-view.ts';

/** What a plan was made from. */
export type SavedPlanSource = {
  readonly request: TopologyRequest;
  readonly choice: ForeignPolicy;
  readonly resolved: TopologyResolution;
};

/** A plan in the form in which it is saved: with its source, and a hash of every object that it touches. */
export function toSavedPlan(
  store: Store,
  { request, choice, resolved: drafted }: SavedPlanSource,
  { planned, view }: Comparison,
): SavedPlan {
  refuseSecrets(request, drafted);
  const { goal } = planned;
  const { plan, order, extras, empties, fate } = view;
  const facts = view.facts();
  return {
    netform: 'plan',
    version: 2,
    savedAt: new Date().toISOString(),
    bootId: bootId(),
    lab: goal.lab,
    uid: goal.uid,
    foreign: choice.foreign,
    fate,
    request: {
      file: drafted.path ?? drafted.file,
      text: drafted.path === null ? drafted.source.rendered : null,
      vars: drafted.path === null ? [] : request.vars,
      varFile: drafted.path === null || request.varFile === null ? null : resolve(request.varFile),
    },
    topology: sha256(drafted.source.rendered),
    state: stateSha(readState(store, goal.lab)),
    seen: Object.fromEntries(view.described.map(({ operation: { id } }) => [id, observedSha(planned.found.get(id))])),
    operations: view.described.map(({ operation, lines, place }) => ({
      ...operation,
      lines,
      ...(place === undefined ? {} : { place }),
    })),
    extras,
    empties,
    order,
    ...(facts === null ? {} : { facts }),
    read: plan.read,
  };
}

/** Throws E_PLAN_FILE where the plan would hold a secret: one of a topology from standard input, or in a value of `--var`. */
function refuseSecrets({ vars }: TopologyRequest, { path, source }: TopologyResolution): void {
  const secrets = source.expanded === null ? [] : secretsIn(source.expanded);
  const values = vars.map((text) => text.slice(text.indexOf('=') + 1)).filter((value) => value !== '');
  const named = values.some((value) => secrets.some(({ text, isNamed }) => isNamed && text.includes(value)));
  const isInFile = path !== null;
  if (secrets.length === 0 || (isInFile && !named)) return;
  const why = isInFile ? 'a value of --var is part of a secret' : 'the topology on standard input has secrets';
  throw netformError('E_PLAN_FILE', EXIT.usage, `the plan cannot be saved: ${why}, and a plan holds none`, {
    hint: isInFile ? 'give the variable in a file, with --var-file' : 'give the topology as a file',
  });
}

/** The saved plan in the file of a request; null when it is a topology. Throws E_USAGE when other options come with it. */
export function readSavedPlan(request: TopologyRequest, choice: ForeignPolicy): SavedPlan | null {
  const saved = request.file === '-' ? null : readPlanFile(request.file);
  if (saved === null) return null;
  const isMore = request.vars.length > 0 || request.varFile !== null;
  if (!isMore && choice.foreign === 'refuse' && choice.extras !== 'pruned') return saved;
  throw netformError(
    'E_USAGE',
    EXIT.usage,
    `${request.file} is a saved plan and cannot be combined with --var, --var-file, --adopt or --prune`,
    {
      hint: 'give these to netform plan -o instead',
    },
  );
}

/** Writes a plan to a new file, or over an older plan. Throws E_PLAN_FILE. */
export const savePlan = writePlanFile;

/** The saved plan in a file, for display; null when the file is not one. */
export function savedPlanView(file: string): PlanView | null {
  const saved = readPlanFile(file);
  if (saved === null) return null;
  const { lab, uid, request, operations, order, extras, fate, empties, facts = null, read } = saved;
  return {
    plan: { lab, uid, stages: [], read },
    described: operations.map(({ lines, place, ...operation }) => ({
      operation,
      lines,
      ...(place === undefined ? {} : { place }),
      disrupts: disruptionOfSaved(operation),
      ...markOnlyFlag(kinds, operation),
    })),
    file: request.file,
    facts: () => facts,
    order,
    extras,
    fate,
    empties,
  };
}

/** `none` for a kind that this netform does not know. */
const disruptionOfSaved = (operation: Operation): Disruption =>
  kinds.get(operation.kind)?.disrupts(operation) ?? 'none';

/** The topology of a saved plan, read again. Throws E_STALE when it has changed. */
export function resolveSavedPlan(session: Session, saved: SavedPlan): TopologyResolution {
  const { file, text, vars, varFile } = saved.request;
  const drafted = resolveSavedRequest(session, saved, { file, text, vars, varFile });
  if (sha256(drafted.source.rendered) === saved.topology) return drafted;
  throw stalePlanError(saved, [`${file} has changed, or a variable of it`]);
}

function resolveSavedRequest(session: Session, saved: SavedPlan, request: TopologyRequest): TopologyResolution {
  try {
    return resolveRequest(session, request);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'E_NO_FILE')) throw error;
    throw stalePlanError(saved, [error.message]);
  }
}

/** Throws E_STALE (exit 9) when the machine, the state or the plan differs from what was saved. */
export function refuseStalePlan(store: Store, saved: SavedPlan, { planned, view }: Comparison): void {
  const { lab } = planned.goal;
  const state = readState(store, lab);
  const now = new Map(view.described.map(({ operation }) => [operation.id, operation]));
  const then = new Map(
    saved.operations.map(({ lines: _lines, place: _place, ...operation }) => [operation.id, operation]),
  );
  const ids = [...new Set([...then.keys(), ...now.keys()])];
  const isSame = createOperationComparison(planned.goal);
  const changed = ids.filter(
    (id) => saved.seen[id] !== observedSha(planned.found.get(id)) || !isSame(then.get(id), now.get(id)),
  );
  const extras = saved.fate === 'pruned' ? symmetricDifference(saved.extras, view.extras) : [];
  const reasons = [
    ...(saved.bootId === bootId() ? [] : ['the machine was rebooted']),
    ...(saved.state === stateSha(state) ? [] : [stateChangeText(state, lab)]),
    ...changed.map((id) => `${id} has changed on the machine`),
    ...extras.map(({ noun, name, netns }) => `${noun} ${name} in ${netns} was added or removed`),
  ];
  if (reasons.length > 0) throw stalePlanError(saved, reasons);
}

/**
 * Whether an operation of now is one of then. Keys are other ones whenever they are made, and so are the texts that follow
 * from them: a text of now stands for the one that then stood in its place, the same one everywhere.
 */
function createOperationComparison({ desired }: Goal): (then?: Operation, now?: Operation) => boolean {
  const made = [...new Set(desired.flatMap((resource) => resource.made ?? []).filter((text) => text !== ''))];
  const pattern = new RegExp(made.map((text) => text.replace(/[+]/g, '\\$&')).join('|') || '(?!)', 'g');
  const former = new Map<string, string>();
  return (then, now) => {
    const [before, after] = [JSON.stringify(then) ?? '', JSON.stringify(now) ?? ''];
    const withFormer = after.replace(pattern, (text: string, at: number) => {
      const known = former.get(text) ?? before.slice(at, at + text.length);
      former.set(text, known);
      return known;
    });
    return withFormer === before;
  };
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

const stateSha = (state: State | null): string | null =>
  state === null ? null : sha256(JSON.stringify(extractShared(state)));
const observedSha = (found: Observation | undefined): string =>
  sha256(JSON.stringify([found?.spec ?? null, found?.owner ?? null]));
