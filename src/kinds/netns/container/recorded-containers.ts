import { isJsonObject } from '../../../model/json.ts';
import type { StateEntry } from '../../../model/kind.ts';
import type { Resource } from '../../../model/resource.ts';

/** A container that is a namespace of a lab, as a record or a goal has it. `cookie` null: it did not run, or the kernel has none. */
export type KnownContainer = { readonly netns: string; readonly ref: string; readonly cookie: string | null };

/** The containers among resources. */
export const containersAmong = (all: readonly (StateEntry | Resource)[]): readonly KnownContainer[] =>
  all.flatMap(({ kind, netns, spec: { ref, life } }) => {
    if (kind !== 'container') return [];
    const cookie = isJsonObject(life) ? life['cookie'] : null;
    return [{ netns, ref: String(ref), cookie: typeof cookie === 'string' ? cookie : null }];
  });
