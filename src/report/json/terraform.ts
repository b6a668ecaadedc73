import type { Spec } from '../../model/json.ts';
import type { PlanView } from '../../model/results/plan-view.ts';

/**
 * How many resources a plan creates, updates and deletes, as the report `terraform` of GitLab has it; a replace is a delete and a
 * create, as in OpenTofu. Unmanaged objects that are pruned are deleted.
 */
export function terraformReport({ described, extras, fate }: PlanView): Spec {
  const count = (...actions: readonly string[]): number =>
    described.filter(({ operation }) => actions.includes(operation.action)).length;
  const pruned = fate === 'pruned' ? extras.filter(({ role }) => role === undefined).length : 0;
  return {
    create: count('create', 'replace'),
    update: count('update'),
    delete: count('delete', 'replace') + pruned,
  };
}
