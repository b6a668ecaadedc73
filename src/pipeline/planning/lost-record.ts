import { listPhrase } from '../../checks/phrases.ts';
import { NOT_RECORDED } from '../../engine/plan/observe.ts';
import { type GoalPlan, planFromLive } from '../../engine/plan/plan.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { objectPhrase } from '../../model/values/object-phrase.ts';
import { withoutResources } from './lab-conflicts.ts';

/** `planned`: the plan without the objects that are in no record; `diagnostics`: what is said of all of them at once. */
export type LostRecord = { readonly planned: GoalPlan; readonly diagnostics: readonly Diagnostic[] };

/**
 * One finding for a lab without a record whose objects are on this machine with its mark, instead of one for each object.
 * `file`: the topology, as a word of a shell.
 */
export function resolveLostRecord(planned: GoalPlan, file: string): LostRecord {
  const { goal, found, live } = planned;
  const marked = goal.desired.filter(({ id }) => found.get(id)?.whose === NOT_RECORDED).map(({ id }) => id);
  if (goal.foreign !== 'refuse' || goal.recorded.size > 0 || marked.length === 0) return { planned, diagnostics: [] };
  const names = listPhrase(marked.map(objectPhrase), 4);
  const message = `the lab ${goal.lab} is on this machine (${names}), but netform has no record of it`;
  const hint = `netform recover --orphans ${file} records it again; or remove it: netform recover --orphans`;
  return {
    planned: planFromLive(live, withoutResources(goal, marked)),
    diagnostics: [makeDiagnostic('foreign-object', atValue(['name']), message, { foreign: true, hint })],
  };
}
