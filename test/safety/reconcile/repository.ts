import { expect } from 'vitest';
import type { Machine } from '../../support/machine.ts';

/** A repository in a machine, and the reconcile file `lab` that follows its folder `labs`. */
export type Repository = {
  /** Commits files (null: deleted) and pushes them; gives the commit. */
  readonly commit: (files: { readonly [path: string]: string | null }, how?: CommitOptions) => Promise<string>;
  /** Writes the reconcile file; text that is added to `source` stands behind it. */
  readonly settings: (more?: string) => Promise<void>;
  readonly reconcile: (expected: number, ...args: string[]) => Promise<Reconciled>;
  readonly status: () => Promise<Reconciled>;
};

type CommitOptions = {
  /** The name of a key that signs it. */
  readonly key?: string;
  /** The history begins again from this commit, and is pushed with force. */
  readonly from?: string;
  /** More that is done in the work tree before it is committed. */
  readonly script?: string;
};

/** What `--json` says of the reconcile `lab`. */
export type Reconciled = {
  readonly state: string;
  readonly commit: string | null;
  readonly refused: { readonly state: string; readonly reason: string; readonly problem: string } | null;
  readonly unreachable: { readonly problem: string } | null;
  readonly suspended: { readonly why: string | null } | null;
  readonly labs: readonly ReconciledLab[];
  readonly unnamed: readonly string[];
};

type ReconciledLab = {
  readonly lab: string;
  readonly state: string;
  readonly commit: string;
  readonly reason: string | null;
  readonly problem: string | null;
  readonly good: { readonly commit: string } | null;
  readonly failures: { readonly kind: string; readonly tries: number } | null;
  readonly ignored: readonly string[];
  readonly history: readonly { readonly commit: string; readonly state: string; readonly count: number }[];
};

const WORK = '/run/work';
/** Where the repository is that is pushed to. */
export const REMOTE = '/run/remote.git';

/** A topology of two namespaces on a bridge, `red` with an address. */
export const pair = (address: string, { name = 'pair', more = '' } = {}): string =>
  `version: 1
name: ${name}
bridges: { lan-${name}: 10.7.0.0/24 }
namespaces:
  red-${name}: { interfaces: { eth0: { bridge: lan-${name}, address: ${address} } } }
  blue-${name}: { interfaces: { eth0: { bridge: lan-${name} } } }
${more}`;

/** Makes a repository, and a reconcile file for it. */
export async function createRepository(m: Machine): Promise<Repository> {
  await m.must(`git init -q --bare -b main ${REMOTE} && git init -q -b main ${WORK} && cd ${WORK} &&
    git config user.name t && git config user.email t@lab.test && git config gpg.format ssh && git remote add origin ${REMOTE}`);
  const settings = (more = '') =>
    m
      .must('mkdir -p /etc/netform/reconcile.d; umask 022; cat >/etc/netform/reconcile.d/lab.yaml', {
        input: `version: 1\nsource: { git: ${REMOTE}, path: labs }\n${more}`,
      })
      .then(() => {});
  const answer = async (args: readonly string[], expected: number): Promise<Reconciled> => {
    const { code, stdout, stderr } = await m.netform([...args, '--json']);
    expect(code, `${args.join(' ')}\n${stdout}${stderr}`).toBe(expected);
    const [first] = JSON.parse(stdout).reconciles;
    return { ...first, labs: first.labs.toSorted((a: ReconciledLab, b: ReconciledLab) => (a.lab < b.lab ? -1 : 1)) };
  };
  return {
    settings,
    commit: async (files, { key, from, script = '' } = {}) => {
      const writes = Object.entries(files).map(([path, text]) =>
        text === null
          ? `git rm -q ${path}`
          : `mkdir -p $(dirname ${path}); cat >${path} <<'END_OF_FILE'\n${text}\nEND_OF_FILE`,
      );
      const sign = key === undefined ? '' : `-c user.signingKey=${key} -c commit.gpgSign=true`;
      const start = from === undefined ? '' : `git reset -q --hard ${from}`;
      const lines = [
        'set -e',
        `cd ${WORK}`,
        start,
        ...writes,
        script,
        'git add -A',
        `git ${sign} commit -q --allow-empty -m x`,
      ];
      return (await m.must([...lines, 'git push -q --force origin HEAD:main', 'git rev-parse HEAD'].join('\n'))).trim();
    },
    reconcile: (expected, ...args) => answer(args.length > 0 ? args : ['reconcile', 'lab'], expected),
    status: () => answer(['reconcile', 'status', 'lab'], 0),
  };
}
