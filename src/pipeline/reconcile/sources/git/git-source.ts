import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GitSource, ReconcileSettings } from '../../../../reconcile/settings.ts';
import { mirrorFolder, treeFolder, writeTree } from '../../../../store/reconcile-store.ts';
import type { Store } from '../../../../store/store.ts';
import { trustProblem } from '../../trusted-file.ts';
import type { FetchResult, ReconcileSource } from '../source.ts';
import { type FoundCommit, findCommit, readCommitTree } from './commit-tree.ts';
import { gitProblem, runGit } from './run-git.ts';

type GitSettings = Pick<ReconcileSettings, 'name' | 'verify'> & { readonly source: GitSource };

const PROBE_TIMEOUT_MS = 20_000;

/**
 * A branch of a repository: a bare copy of it, whose files are read as they are stored. There is no work tree, so that no
 * filter, hook or attribute of the repository has an effect.
 */
export function openGitSource(store: Store, settings: GitSettings): ReconcileSource {
  const { git, branch } = settings.source;
  const look = () =>
    runGit(null, {
      args: ['ls-remote', '--exit-code', '--', git, `refs/heads/${branch}`],
      timeoutMs: PROBE_TIMEOUT_MS,
    });
  const problemOf = (looked: ReturnType<typeof look>): string | null => {
    if (looked.exitCode === NO_SUCH_REF) return `the repository has no branch ${branch}`;
    return looked.exitCode === 0 ? null : gitProblem(looked);
  };
  return {
    problem: () => problemOf(look()),
    fetch: (applied) => {
      const looked = look();
      const problem = problemOf(looked);
      const commit = /^[0-9a-f]{40,64}(?=\t)/.exec(looked.stdout)?.[0];
      if (problem !== null || commit === undefined)
        return { kind: 'unreachable', problem: problem ?? 'the repository names no commit' };
      return takeCommit({ store, settings, mirror: mirrorFolder(store, settings.name) }, commit, applied);
    },
  };
}

/** git-ls-remote(1), `--exit-code`. */
const NO_SUCH_REF = 2;

type Mirror = { readonly store: Store; readonly settings: GitSettings; readonly mirror: string };

function takeCommit(where: Mirror, commit: string, applied: string | null): FetchResult {
  const { store, settings, mirror } = where;
  const found = fetchCommit(where, commit);
  if ('problem' in found) return { kind: 'unreachable', ...found };
  const refuse = (reason: string, sentence: string): FetchResult => ({
    kind: 'refused',
    commit,
    reason,
    problem: sentence,
  });
  const { signedBy, fastForward } = settings.verify;
  const unsigned = signedBy === null ? null : signatureProblem(mirror, commit, signedBy);
  if (unsigned !== null) return refuse('unsigned', unsigned);
  if (fastForward && applied !== null && !isAfter(mirror, commit, applied))
    return refuse(
      'rewritten',
      `the history was rewritten: ${commit.slice(0, 12)} does not come after ${applied.slice(0, 12)}`,
    );
  const read = readCommitTree(mirror, found, settings.source.path);
  if ('problem' in read) return refuse('invalid', read.problem);
  if (treeFolder(store, settings.name, read.tree) === null) {
    const files = read.files();
    if ('problem' in files) return refuse('invalid', files.problem);
    writeTree(store, settings.name, read.tree, files);
  }
  return { kind: 'revision', commit, tree: read.tree };
}

/** The commit as the copy has it, or why it cannot be had. */
function fetchCommit(where: Mirror, commit: string): FoundCommit | { readonly problem: string } {
  const found = tryFetch(where, commit);
  if (!('problem' in found)) return found;
  // A fetch that was killed may have left locks behind.
  rmSync(where.mirror, { recursive: true, force: true });
  return tryFetch(where, commit);
}

function tryFetch(
  { settings: { source }, mirror }: Mirror,
  commit: string,
): FoundCommit | { readonly problem: string } {
  if (!existsSync(join(mirror, 'HEAD'))) {
    const made = runGit(null, { args: ['init', '--quiet', '--bare', '--template=', mirror] });
    if (made.exitCode !== 0) return { problem: gitProblem(made) };
  }
  const known = findCommit(mirror, commit, source.path);
  if (known !== null) return known;
  const ref = `+refs/heads/${source.branch}:refs/netform/branch`;
  const fetched = runGit(mirror, {
    args: ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--', source.git, ref],
  });
  if (fetched.exitCode !== 0) return { problem: gitProblem(fetched) };
  return findCommit(mirror, commit, source.path) ?? { problem: 'the branch changed while it was read' };
}

/** Why the signature of a commit does not count; null: an allowed key signed it. */
function signatureProblem(mirror: string, commit: string, signedBy: string): string | null {
  const distrust = trustProblem(signedBy);
  if (distrust !== null) return distrust;
  const args = ['-c', 'gpg.format=ssh', '-c', `gpg.ssh.allowedSignersFile=${signedBy}`, 'verify-commit', commit];
  const verified = runGit(mirror, { args });
  if (verified.exitCode === 0) return null;
  const isSigned = /\ngpgsig /.test(runGit(mirror, { args: ['cat-file', 'commit', commit] }).stdout);
  const short = commit.slice(0, 12);
  return isSigned ? `${short} is not signed by a key of ${signedBy}` : `${short} is not signed`;
}

function isAfter(mirror: string, commit: string, applied: string): boolean {
  return (
    commit === applied || runGit(mirror, { args: ['merge-base', '--is-ancestor', applied, commit] }).exitCode === 0
  );
}
