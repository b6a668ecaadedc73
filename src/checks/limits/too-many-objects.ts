import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, type Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';

type ObjectCount = { readonly words: string; readonly most: number; readonly places: readonly Path[] };

/** More objects of a sort than one machine can hold. */
export const tooManyObjects: LabCheck = {
  name: 'too-many-objects',
  code: 'NF2304',
  rank: 10,
  title: 'Lab too large',
  explain: 'A lab may have 6,000 namespaces, 12,000 links, 20,000 routes and 20,000 forwards.',
  bad: null,
  good: null,
  find: (_topology, lab) =>
    countsOf(lab).flatMap(({ words, most, places }) => {
      const beyond = places[most];
      if (!beyond) return [];
      return [
        makeDiagnostic(
          'too-many-objects',
          atKey(beyond),
          `the lab has ${places.length.toLocaleString('en')} ${words}; the limit is ${most.toLocaleString('en')}`,
          { hint: 'split it into several labs' },
        ),
      ];
    }),
};

const countsOf = (lab: Lab): readonly ObjectCount[] => [
  { words: 'namespaces', most: 6_000, places: lab.namespaces.map(({ at }) => at) },
  { words: 'links', most: 12_000, places: [...lab.bridges, ...lab.cables, ...lab.links].map(({ at }) => at) },
  { words: 'routes', most: 20_000, places: lab.routes.map(({ at }) => at) },
  { words: 'forwards', most: 20_000, places: lab.forwards.map(({ at }) => at) },
];
