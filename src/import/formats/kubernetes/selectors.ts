import type { Json } from '../../../model/json.ts';
import type { JsonMap } from '../../result.ts';
import { listValue, mapValue, textValue, textValues } from '../../yaml-values.ts';
import { type ManifestLabels, textMap } from './manifests.ts';

/** The label that every Kubernetes namespace has, with its name. */
export const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Keys that mean something else in a selector of a topology. */
const RESERVED = new Set(['project', 'cidr', 'except']);

/** ManifestLabels as a topology can have them. */
export const toLabels = (labels: ManifestLabels): JsonMap =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [toLabelKey(key), value]));

const toLabelKey = (key: string): string => (RESERVED.has(key) ? `label.${key}` : key);

/** One condition on a label. */
type Condition = { readonly key: string; readonly holds: (value: string | undefined) => boolean; readonly said: Json };

/** A LabelSelector: `matchLabels` and `matchExpressions`. */
export const conditionsOf = (selector: Json | undefined): readonly Condition[] => [
  ...Object.entries(textMap(mapValue(selector)['matchLabels'])).map(([key, wanted]) => equals(key, [wanted])),
  ...listValue(mapValue(selector)['matchExpressions']).flatMap((one) => expression(mapValue(one)) ?? []),
];

/** The selector of a Service: a map of labels. */
export const conditionsOfLabels = (labels: Json | undefined): readonly Condition[] =>
  Object.entries(textMap(labels)).map(([key, wanted]) => equals(key, [wanted]));

const equals = (key: string, wanted: readonly string[]): Condition => ({
  key,
  holds: (value) => value !== undefined && wanted.includes(value),
  said: wanted.length === 1 ? (wanted[0] ?? '') : wanted,
});

function expression({ key: written, operator, values }: JsonMap): Condition | null {
  const [key, listed] = [textValue(written) ?? '', textValues(values)];
  switch (textValue(operator)) {
    case 'In':
      return equals(key, listed);
    case 'NotIn':
      return { key, holds: (value) => value === undefined || !listed.includes(value), said: { not: listed } };
    case 'Exists':
      return { key, holds: (value) => value !== undefined, said: { exists: true } };
    case 'DoesNotExist':
      return { key, holds: (value) => value === undefined, said: { exists: false } };
    default:
      return null;
  }
}

/** Whether all conditions hold for labels. */
export const selects = (conditions: readonly Condition[], labels: ManifestLabels): boolean =>
  conditions.every(({ key, holds }) => holds(labels[key]));

/** Conditions as a selector of a topology. Null: two are about one label, which a map cannot say. */
export function toSelector(conditions: readonly Condition[]): JsonMap | null {
  const keys = new Set(conditions.map(({ key }) => key));
  return keys.size < conditions.length
    ? null
    : Object.fromEntries(conditions.map(({ key, said }) => [toLabelKey(key), said]));
}
