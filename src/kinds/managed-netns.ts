import type { Spec } from '../model/json.ts';
import type { ManagedNetns } from '../model/kind.ts';

/** The specs of one kind that are known in the namespace. */
export const managedSpecs = <S extends Spec>({ netns, known }: ManagedNetns, kind: string): readonly S[] =>
  known.filter((one) => one.kind === kind && one.netns === netns).map(({ spec }) => spec as S);

/**
 * The links of the lab in the namespace, and `lo`: everything that names a link and a place, and those that its programs
 * make. Not a name that CNI plugins have, or get: what is at it is theirs, or goes.
 */
export function managedLinkNames(place: ManagedNetns): ReadonlySet<string> {
  const { netns, known } = place;
  const byPlugins = new Set(managedSpecs<Spec>(place, 'attachment').map(({ dev }) => dev));
  const ends = known.flatMap(({ spec }) => [spec, ...(Array.isArray(spec['ends']) ? spec['ends'] : [])]);
  const here = ends.filter((end) => end['netns'] === netns && typeof end['name'] === 'string');
  const made = known.flatMap(({ spec: { netns: inside, links } }) =>
    inside === netns && Array.isArray(links) ? links : [],
  );
  const names = [...here.map((end) => String(end['name'])), ...made.map(String)];
  return new Set(['lo', ...names.filter((name) => !byPlugins.has(name))]);
}
