import type { Json, Spec } from '../../model/json.ts';
import type { UnmanagedRole } from '../../model/kind.ts';
import type { Operation } from '../../model/operation.ts';
import type { PlanFacts } from '../../model/results/plan-facts.ts';
import type { OperationView, PlanView } from '../../model/results/plan-view.ts';
import { compareText } from '../../model/values/compare.ts';
import { sha256 } from '../../model/values/hash.ts';
import { planCounts } from '../text/plan.ts';

/** The version of schemas/plan.schema.json; keys keep their meaning within a version, and keys may be added. */
const PLAN_SCHEMA_VERSION = 1;

/**
 * The plan as data: every operation in the order in which it is executed, with actions named as in OpenTofu's plans.
 * `netform` is the version of the program. The same file on the same machine gives the same document, but for `read`.
 */
export function planJson(view: PlanView, netform: string): Spec {
  const { plan, file } = view;
  const facts = view.facts();
  const operations = view.described.map((one) => operationJson(one, { file, positions: facts?.positions ?? {} }));
  const extras = extrasJson(view);
  return {
    schemaVersion: PLAN_SCHEMA_VERSION,
    netform,
    planId: planId(plan.lab, operations, extras),
    lab: plan.lab,
    uid: plan.uid,
    file,
    digest: facts?.digest ?? null,
    host: facts?.host ?? null,
    risk: facts?.risk ?? null,
    summary: planCounts(view),
    operations,
    extras,
    read: plan.read,
  };
}

/** What a plan does to which objects, as sha256: neither where the file says it nor how it is described counts. */
function planId(lab: string, operations: readonly Spec[], extras: readonly Spec[]): string {
  const meaning = operations.map(({ lines: _lines, origin: _origin, note: _note, ...rest }) => rest);
  return sha256(JSON.stringify(sortKeys({ lab, operations: meaning, extras })));
}

/** A value with the keys of every object in alphabetical order. */
function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

const extrasJson = ({ extras, fate }: PlanView): readonly Spec[] =>
  extras
    .map(({ netns, role, ...rest }) => ({ namespace: netns, ...rest, fate: fateOf(role, fate) }))
    .sort((a, b) => compareText(extraKey(a), extraKey(b)));

const fateOf = (role: UnmanagedRole | undefined, fate: PlanView['fate']): string =>
  role === undefined ? fate : role === 'leaving' ? 'deleted' : 'kept';

const extraKey = ({
  namespace,
  noun,
  name,
  text,
}: { readonly [key in 'namespace' | 'noun' | 'name' | 'text']: string }) =>
  JSON.stringify([namespace, noun, name, text]);

const ACTIONS: { readonly [action in Operation['action']]: readonly string[] } = {
  create: ['create'],
  update: ['update'],
  replace: ['delete', 'create'],
  delete: ['delete'],
};

type OriginContext = Pick<PlanFacts, 'positions'> & { readonly file: string };

const operationJson = ({ operation, lines, disrupts }: OperationView, context: OriginContext): Spec => ({
  id: operation.id,
  kind: operation.kind,
  namespace: operation.netns,
  actions: ACTIONS[operation.action],
  cause: operation.cause,
  disrupts,
  takenBy: operation.takenBy,
  takenFrom: operation.takenFrom ?? null,
  before: operation.before,
  after: operation.after,
  changes: operation.changes,
  byHand: operation.byHand ?? [],
  note: operation.note,
  origin: originJson(operation, context),
  lines,
});

function originJson({ id, origin }: Operation, { file, positions }: OriginContext): Json {
  if (origin === null) return null;
  const { line, column, file: within = file } = positions[id] ?? { line: null, column: null };
  return { file: within, path: origin, line, column };
}
