import type { Json } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import { planCounts } from '../text/plan.ts';

/** What every `--json` answer has: a version, and whether the command succeeded. */
export type JsonAnswer = { readonly version: 1; readonly ok: boolean; readonly [key: string]: Json };

/** An answer with its version; keys keep their meaning within a version, and keys may be added. */
export const jsonAnswer = (ok: boolean, content: { readonly [key: string]: Json }): JsonAnswer => ({
  version: 1,
  ok,
  ...content,
});

/** The plan as data: every operation in order, with actions named as in OpenTofu's plans. */
export function planJson(view: PlanView): { readonly [key: string]: Json } {
  const { plan, described } = view;
  return {
    lab: plan.lab,
    uid: plan.uid,
    file: view.file,
    summary: planCounts(view),
    operations: described.map(({ operation, lines }) => ({ ...operationJson(operation), lines })),
    extras: view.extras.map(({ netns, ...rest }) => ({ namespace: netns, ...rest, fate: view.fate })),
    read: plan.read,
  };
}

/** An answer as one line, for commands that print several. */
export const jsonLine = (content: { readonly [key: string]: Json }): string =>
  `${JSON.stringify(jsonAnswer(true, content))}\n`;

/** A JSON document, indented by two spaces, with a newline at the end. */
export const jsonText = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`;

const ACTIONS: { readonly [action in Operation['action']]: readonly string[] } = {
  create: ['create'],
  update: ['update'],
  replace: ['delete', 'create'],
  delete: ['delete'],
};

const operationJson = (operation: Operation): { readonly [key: string]: Json } => ({
  id: operation.id,
  kind: operation.kind,
  namespace: operation.netns,
  actions: ACTIONS[operation.action],
  cause: operation.cause,
  takenBy: operation.takenBy,
  takenFrom: operation.takenFrom ?? null,
  before: operation.before,
  after: operation.after,
  changes: operation.changes,
  byHand: operation.byHand ?? [],
  note: operation.note,
  origin: operation.origin,
});
