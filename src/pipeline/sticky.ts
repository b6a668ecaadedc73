import type { Spec } from '../model/json.ts';
import type { Sticky } from '../model/lab.ts';
import { isName } from '../net/name.ts';
import { ROOTS } from '../store/roots.ts';
import { readState } from '../store/state.ts';

/** The addresses that a lab's interfaces have, as its state says: everything recorded that gives a link its prefixes. */
export function stickyOf(lab: string): Sticky {
  // A name that cannot be one is reported with the rest of the file's mistakes.
  const resources = isName(lab) ? (readState(ROOTS, lab)?.resources ?? []) : [];
  return Object.fromEntries(
    resources.flatMap(({ netns, spec }) => {
      const prefixes = prefixesOf(spec);
      return prefixes === null ? [] : [[`${netns}/${spec['dev']}`, prefixes]];
    }),
  );
}

function prefixesOf({ dev, prefixes }: Spec): readonly string[] | null {
  if (typeof dev !== 'string' || !Array.isArray(prefixes)) return null;
  return prefixes.filter((prefix) => typeof prefix === 'string');
}
