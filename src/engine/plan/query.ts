import { mergeNeeds, type Query } from '../../model/kernel/need.ts';
import { type Goal, kindContext, kindOf, recordedResources } from '../goal.ts';

/** Everything that has to be read to find the desired and the recorded resources; each need once. */
export function goalQuery(goal: Goal): Query {
  const resources = [...goal.desired, ...recordedResources(goal)];
  const needs = resources.flatMap((resource) => kindOf(goal, resource).query(resource, kindContext(goal, resource.id)));
  return mergeNeeds([...needs, ...goal.extraQuery]);
}
