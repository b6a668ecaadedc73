import { EXIT } from '../../src/model/error.ts';

/** What each exit code means, by its name in src/model/error.ts. */
const MEANINGS: { readonly [name in keyof typeof EXIT]: string } = {
  done: 'done, or nothing to do',
  internal: 'an internal error: please report it',
  usage: 'usage error, or a missing privilege',
  topology: 'the topology is invalid',
  rolledBack: 'failed, and rolled back',
  rollbackIncomplete: 'failed, and the rollback is incomplete',
  drift: '`show --exit-code`: drift; `doctor`: a finding; `fmt --check`: a file is not formatted',
  foreign: 'conflict with an object that netform does not manage',
  locked: 'another run holds the lock, or waits for confirmation',
  stale: 'the saved plan is stale',
  changes: '`plan --exit-code`: there are changes',
};

type ExitCodeRow = { readonly code: string; readonly meaning: string };

/** Every exit code, in the order of the numbers. */
export const exitCodeRows = (): readonly ExitCodeRow[] => [
  ...Object.entries(EXIT).map(([name, code]) => ({
    code: String(code),
    meaning: new Map(Object.entries(MEANINGS)).get(name) ?? '',
  })),
  { code: '128+n', meaning: 'ended by signal n, rolled back' },
];

/** The exit codes as a table in Markdown. */
export const exitCodeTable = (): readonly string[] => [
  '| exit code | |',
  '|---|---|',
  ...exitCodeRows().map(({ code, meaning }) => `| ${code} | ${meaning} |`),
];
