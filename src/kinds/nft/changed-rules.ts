import { type Spec, sameJson } from '../../model/json.ts';
import { listDifference } from './part.ts';

/** The rules of two lists that the other one has not. */
export type ChangedRules<Rule extends Spec = Spec> = {
  readonly removed: readonly Rule[];
  readonly added: readonly Rule[];
};

const changesByLists = new WeakMap<readonly Spec[], WeakMap<readonly Spec[], ChangedRules>>();

/**
 * What is in one list of rules and not in the other, found once for two lists: rules never change. Of thousands few differ,
 * so what the lists begin and end with alike is left out first.
 */
export function changedRules<Rule extends Spec>(before: readonly Rule[], after: readonly Rule[]): ChangedRules<Rule> {
  const answers = changesByLists.get(before) ?? new WeakMap<readonly Spec[], ChangedRules>();
  changesByLists.set(before, answers);
  const answer = (answers.get(after) as ChangedRules<Rule> | undefined) ?? differenceInside(before, after);
  answers.set(after, answer);
  return answer;
}

function differenceInside<Rule extends Spec>(before: readonly Rule[], after: readonly Rule[]): ChangedRules<Rule> {
  const most = Math.min(before.length, after.length);
  let first = 0;
  while (first < most && sameJson(before[first], after[first])) first++;
  let last = 0;
  while (last < most - first && sameJson(before.at(-1 - last), after.at(-1 - last))) last++;
  return listDifference(before.slice(first, before.length - last), after.slice(first, after.length - last));
}
