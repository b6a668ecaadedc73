import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';

/** A user or a group of a link that this machine does not have, or calls by a name. */
export const unknownAccount: MachineCheck = {
  name: 'unknown-account',
  code: 'NF3023',
  title: 'User or group that this machine does not have',
  explain:
    'The `user` or the `group` of a link, or the `user` of a program, is not in `/etc/passwd` or `/etc/group` of this machine; or it is written as a number, and has a name here, by which netform finds it again; or its number is not in the user namespace that netform runs in.',
  bad: `
namespaces:
  red: { interfaces: { tap0: { tap: { user: qemoo }, address: none } } }
`,
  good: `
namespaces:
  red: { interfaces: { tap0: { tap: { user: daemon }, address: none } } }
`,
  query: (lab) => accountsOf(lab).map(({ key }) => ({ need: 'account', key })),
  find: (lab, live) =>
    accountsOf(lab).flatMap(({ of, written, key, at, isAnyNumber = false }) => {
      const name = live.get({ need: 'account', key });
      if (name === written || (isAnyNumber && name !== '')) return [];
      if (name === '') {
        const message = `the ${of} ${written} cannot be used: its number is not in this user namespace`;
        const hint = `leave ${of} out, or run netform as root of the machine`;
        return [makeDiagnostic('unknown-account', atValue(at), message, { hint })];
      }
      const message =
        name === null ? `there is no ${of} ${written} on this machine` : `the ${of} ${written} is ${name}`;
      const hint = name === null ? `make it, or write its number` : `write ${of}: ${name}`;
      return [makeDiagnostic('unknown-account', atValue(at), message, { hint })];
    }),
};

type WrittenAccount = {
  readonly of: 'user' | 'group';
  readonly written: string;
  readonly key: string;
  readonly at: Path;
  /** A number does as well as its name. */
  readonly isAnyNumber?: boolean;
};

/** The accounts that links and programs name, with where they are written. */
const accountsOf = ({ links, processes }: Lab): readonly WrittenAccount[] => [
  ...processes.flatMap(({ terms, at }) => {
    const written = terms?.user ?? null;
    if (written === null) return [];
    const isAnyNumber = /^\d+$/.test(written);
    return [{ of: 'user' as const, written, key: `user:${written}`, at: [...at, 'user'], isAnyNumber }];
  }),
  ...links.flatMap(({ kind, options, accounts = [], at }) =>
    accounts.map((of) => {
      const written = String(options[of]);
      return { of, written, key: `${of}:${written}`, at: [...at, kind, of] };
    }),
  ),
];
