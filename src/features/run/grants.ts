import type { GrantNeed } from '../../model/results/grant.ts';
import type { Topology } from '../../model/topology.ts';
import { writtenRuns } from './topology.ts';

/** Each program, and each file that is named by its path. */
export const runGrants = (topology: Topology): readonly GrantNeed[] =>
  writtenRuns(topology).flatMap(({ netns, programs, files }) => [
    ...programs.map(({ name, at }) => ({ grant: 'run' as const, what: `the program ${netns}/${name}`, at })),
    ...files.flatMap(({ bytes }) =>
      'from' in bytes && bytes.from.value.startsWith('/')
        ? [{ grant: 'file' as const, what: `the file ${bytes.from.value}`, at: bytes.from.at, path: bytes.from.value }]
        : [],
    ),
  ]);
