import type { Spec } from '../model/json.ts';
import type { ManagedNetns } from '../model/kind.ts';

/** The specs of one kind that are known in the namespace. */
export const managedSpecs = <S extends Spec>({ netns, known }: ManagedNetns, kind: string): readonly S[] =>
  known.filter((one) => one.kind === kind && one.netns === netns).map(({ spec }) => spec as S);

/** The links of the lab in the namespace, and `lo`: everything that names a link and a place, and those that its programs make. */
export function managedLinkNames({ netns, known }: ManagedNetns): ReadonlySet<string> {
  const ends = known.flatMap(({ spec }) => [spec, ...(Array.isArray(spec['ends']) ? spec['ends'] : [])]);
  const here = ends.filter((end) => end['netns'] === netns && typeof end['name'] === 'string');
  const made = known.flatMap(({ spec: { netns: place, links } }) =>
    place === netns && Array.isArray(links) ? links : [],
  );
  return new Set(['lo', ...here.map((end) => String(end['name'])), ...made.map(String)]);
}
