import { lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PluginLive } from '../model/live.ts';
import { unless } from './errno.ts';
import { run } from './exec.ts';
import { isTrusted } from './trust.ts';

export const PLUGIN_FOLDERS = ['/opt/cni/bin', '/usr/lib/cni'];
const TIMEOUT_MS = 5000;

/** Finds a CNI plugin's program and asks it for the versions of the specification that it speaks. Null: there is none. */
export function lookUpPlugin(type: string): PluginLive | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(type)) return null;
  const path = PLUGIN_FOLDERS.map((folder) => `${folder}/${type}`).find((candidate) =>
    unless(['ENOENT', 'ENOTDIR'], () => statSync(candidate)),
  );
  if (!path) return null;
  const problem = whyNotRun(path);
  return problem === null ? askVersions(path) : { path, versions: [], problem };
}

/** Whoever may write the program, or a folder on the way to it, would be root by our running it. */
function whyNotRun(path: string): string | null {
  const real = realpathSync(path);
  if (!PLUGIN_FOLDERS.some((folder) => dirname(real) === unless(['ENOENT'], () => realpathSync(folder))))
    return `it leads to ${real}, outside of ${PLUGIN_FOLDERS.join(' and ')}`;
  const stats = statSync(real);
  if (!stats.isFile()) return 'it is not a file';
  const onTheWay = [path, real].flatMap(foldersOf).map((folder) => lstatSync(folder));
  const trusted = isTrusted(stats) && onTheWay.every(isTrusted);
  return trusted ? null : 'it, or a folder on the way to it, can be written by others than root';
}

/** `/a/b` and `/a` of `/a/b/c`. */
const foldersOf = (path: string): readonly string[] => {
  const folder = dirname(path);
  return folder === '/' ? [] : [folder, ...foldersOf(folder)];
};

function askVersions(path: string): PluginLive {
  const outcome = run({
    file: path,
    args: [],
    env: { CNI_COMMAND: 'VERSION' },
    input: '{"cniVersion":"1.0.0"}',
    timeoutMs: TIMEOUT_MS,
  });
  if (outcome.problem !== null) return { path, versions: [], problem: outcome.problem };
  const versions = versionsIn(outcome.stdout);
  return { path, versions, problem: versions.length > 0 ? null : 'it does not answer the VERSION command' };
}

/** `{ "supportedVersions": ["0.4.0", …] }`; empty when it is anything else. */
function versionsIn(answer: string): readonly string[] {
  try {
    const { supportedVersions }: { readonly supportedVersions?: unknown } = JSON.parse(answer);
    return Array.isArray(supportedVersions) ? supportedVersions.filter((version) => typeof version === 'string') : [];
  } catch {
    return [];
  }
}
