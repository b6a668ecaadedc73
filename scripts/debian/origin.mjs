import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';

/** Seconds since 1970 that all files of the package have: SOURCE_DATE_EPOCH, else the time of the commit. */
export function commitTime() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given === undefined) return Number(git('log', '-1', '--format=%ct'));
  if (/^\d{1,11}$/.test(given)) return Number(given);
  throw new Error(`SOURCE_DATE_EPOCH is to be seconds since 1970, not ${given}`);
}

/**
 * The version of package.json where its tag stands at this commit. Before that it has the time of the commit, and is older than the
 * release: `0.1.0~20261129183700.87c1f1f2-1`.
 */
export function debianVersion() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const tags = git('tag', '--points-at', 'HEAD').split('\n');
  if (tags.includes(`v${version}`)) return `${version}-1`;
  const time = new Date(Number(git('log', '-1', '--format=%ct')) * 1000).toISOString().replace(/\D/g, '').slice(0, 14);
  return `${version}~${time}.${git('rev-parse', '--short=8', 'HEAD')}-1`;
}

function git(...args) {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch {
    throw new Error('this is not a git checkout: give SOURCE_DATE_EPOCH and --version');
  }
}
