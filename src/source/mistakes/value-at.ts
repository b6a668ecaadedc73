import type { Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../model/json.ts';

/** The value at a path; undefined: the path leads nowhere. */
export function valueAt(root: Json, path: Path): Json | undefined {
  let here: Json | undefined = root;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)];
    else here = isJsonObject(here) ? here[step] : undefined;
  }
  return here;
}
