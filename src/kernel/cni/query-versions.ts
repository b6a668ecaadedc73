import type { PluginLive } from '../../model/kernel/live-state.ts';
import { readPluginAnswer } from './answer.ts';
import { findPluginFile, type PluginFile } from './plugin-file.ts';
import { runPlugin } from './run-plugin.ts';

const TIMEOUT_MS = 5000;

/** Finds the program of a CNI plugin and queries the versions of the specification that it supports. Null: not installed. */
export function findPlugin(type: string, folders: readonly string[]): PluginLive | null {
  const file = findPluginFile(type, folders);
  return file && queryVersions(file);
}

/** VERSION needs no other variable: a plugin that asks for one is not ready to be asked. */
function queryVersions({ path, problem }: PluginFile): PluginLive {
  if (problem !== null) return { path, versions: [], problem };
  const variables = { CNI_COMMAND: 'VERSION' };
  const outcome = runPlugin({ path, variables, input: '{"cniVersion":"1.0.0"}', timeoutMs: TIMEOUT_MS });
  const answer = readPluginAnswer(outcome, true);
  if (answer.problem !== null) return { path, versions: [], problem: answer.problem };
  const supported = answer.json?.['supportedVersions'];
  const versions = Array.isArray(supported) ? supported.filter((version) => typeof version === 'string') : [];
  return { path, versions, problem: versions.length > 0 ? null : 'it does not answer the VERSION command' };
}
