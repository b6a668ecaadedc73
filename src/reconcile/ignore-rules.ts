import type { FieldChange, FieldPath, Operation } from '../model/operation.ts';
import type { IgnoreRule } from './settings.ts';

/** Changes of others that stay: the resource, and its fields. */
export type IgnoredChange = { readonly id: string; readonly fields: readonly string[] };

/** Whether a rule speaks of the resource with that id: `*` stands for any text. */
export const isRuleFor = ({ resource }: IgnoreRule, id: string): boolean =>
  new RegExp(`^${resource.split('*').map(escaped).join('.*')}$`, 's').test(id);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The changes of an operation that stay because of the rules. Nothing of what is missing, or to be made, stays. */
export function ignoredChanges(rules: readonly IgnoreRule[], operation: Operation): readonly FieldChange[] {
  const { before, after, cause, id, changes } = operation;
  if (before === null || after === null || cause !== 'drift') return [];
  const own = rules.filter((rule) => isRuleFor(rule, id));
  return changes.filter(({ path }) =>
    own.some(({ fields }) => fields === null || fields.some((field) => isFieldOf(field, path))),
  );
}

/** A field by its own name, or by the names that lead to it, joined by dots: `mtu` and `near.mtu`. */
const isFieldOf = (field: string, path: FieldPath): boolean =>
  path.at(-1) === field || `${path.join('.')}.`.startsWith(`${field}.`);

/** The operations that the rules leave, also those that something is left to do of, and what they let pass. */
export function withoutIgnored(
  rules: readonly IgnoreRule[],
  operations: readonly Operation[],
): { readonly left: readonly Operation[]; readonly ignored: readonly IgnoredChange[] } {
  const found = operations.map((operation) => ({ operation, stays: ignoredChanges(rules, operation) }));
  return {
    left: found
      .filter(({ operation, stays }) => stays.length < Math.max(1, operation.changes.length))
      .map(({ operation }) => operation),
    ignored: found
      .filter(({ stays }) => stays.length > 0)
      .map(({ operation: { id }, stays }) => ({
        id,
        fields: stays.map(({ path }) => path.join('.')),
      })),
  };
}
