import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Json, Spec } from '../../model/json.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { formatFlowStyle } from './flow-style.ts';

/** What to do about an unknown key of a file that is not a topology: nothing but its schema is known. */
export function plainKeyHint(
  key: string,
  known: readonly string[],
): { readonly hint: string; readonly to: string | null } {
  const to = closestMatch(key, known);
  return { hint: to === null ? `known here: ${known.join(', ')}` : `did you mean "${to}"?`, to };
}

/** An example of what its schema takes at a place; null: it has none. */
export function plainExample({ parentSchema }: { readonly parentSchema?: Spec }, path: Path): string | null {
  const examples = parentSchema?.['examples'];
  const [example] = Array.isArray(examples) ? (examples as readonly Json[]) : [];
  return example === undefined ? null : `for example ${path.at(-1)}: ${formatFlowStyle(example)}`;
}
