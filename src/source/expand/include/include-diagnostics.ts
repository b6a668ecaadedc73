import type { CheckDoc } from '../../../model/diagnostics/check-doc.ts';

/** The entry of `bad-include` in docs/checks.md. */
export const badIncludeDoc: CheckDoc = {
  name: 'bad-include',
  code: 'NF1021',
  title: 'A file that cannot be included',
  explain:
    'A file under `include` is missing, lies outside the folder of the topology, is reached by a symbolic link, includes itself, or says what only the main file says (`name`). A topology from standard input has no folder and includes nothing.',
  bad: null,
  good: null,
};
