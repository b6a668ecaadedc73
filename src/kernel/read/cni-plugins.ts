import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PluginLive } from '../../model/kernel/live-state.ts';
import { catchErrno } from '../errno.ts';
import { isTrusted } from '../files/ownership.ts';
import { runProgram } from '../process/run-program.ts';

export const CNI_PLUGIN_FOLDERS = ['/opt/cni/bin', '/usr/lib/cni'];
const TIMEOUT_MS = 5000;

/** The names of all CNI plugins that are installed. */
export const listCniPlugins = (): readonly string[] => [
  ...new Set(
    CNI_PLUGIN_FOLDERS.flatMap((folder) => catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? []),
  ),
];

/** Finds the program of a CNI plugin and queries the versions of the specification that it supports. Null: not installed. */
export function findCniPlugin(type: string): PluginLive | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(type)) return null;
  const path = CNI_PLUGIN_FOLDERS.map((folder) => `${folder}/${type}`).find((candidate) =>
    catchErrno(['ENOENT', 'ENOTDIR'], () => statSync(candidate)),
  );
  if (!path) return null;
  const problem = executionProblem(path);
  return problem === null ? queryVersions(path) : { path, versions: [], problem };
}

/** Running a program as root gives root to everyone who can write it, or a folder on its path. */
function executionProblem(path: string): string | null {
  const real = realpathSync(path);
  if (!CNI_PLUGIN_FOLDERS.some((folder) => dirname(real) === catchErrno(['ENOENT'], () => realpathSync(folder))))
    return `it leads to ${real}, outside of ${CNI_PLUGIN_FOLDERS.join(' and ')}`;
  const stats = statSync(real);
  if (!stats.isFile()) return 'it is not a file';
  const onTheWay = [path, real].flatMap(parentFolders).map((folder) => lstatSync(folder));
  const trusted = isTrusted(stats) && onTheWay.every(isTrusted);
  return trusted ? null : 'it, or a folder on the way to it, can be written by others than root';
}

/** `/a/b` and `/a` of `/a/b/c`. */
const parentFolders = (path: string): readonly string[] => {
  const folder = dirname(path);
  return folder === '/' ? [] : [folder, ...parentFolders(folder)];
};

function queryVersions(path: string): PluginLive {
  const outcome = runProgram({
    file: path,
    args: [],
    env: { CNI_COMMAND: 'VERSION' },
    input: '{"cniVersion":"1.0.0"}',
    timeoutMs: TIMEOUT_MS,
  });
  if (outcome.problem !== null) return { path, versions: [], problem: outcome.problem };
  const versions = parseVersions(outcome.stdout);
  return { path, versions, problem: versions.length > 0 ? null : 'it does not answer the VERSION command' };
}

/** `{ "supportedVersions": ["0.4.0", …] }`; empty when it is anything else. */
function parseVersions(answer: string): readonly string[] {
  try {
    const { supportedVersions }: { readonly supportedVersions?: unknown } = JSON.parse(answer);
    return Array.isArray(supportedVersions) ? supportedVersions.filter((version) => typeof version === 'string') : [];
  } catch {
    return [];
  }
}
