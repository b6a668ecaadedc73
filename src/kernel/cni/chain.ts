import { isJsonObject, type Json } from '../../model/json.ts';
import { type AttachmentDescription, type CniResult, containerIdOf } from '../../model/lab-parts/attachment.ts';
import type { CniPluginConfig } from '../../model/lab-parts/lab-attachment.ts';
import { sysError } from '../errno.ts';
import { bootTicks } from '../process/process-status.ts';
import { type PluginAnswer, readPluginAnswer } from './answer.ts';
import { findPluginFile } from './plugin-file.ts';
import { pluginTimeoutMs } from './plugin-timeout.ts';
import { endPluginProcesses } from './processes/stray-plugins.ts';
import { withoutPortMacs } from './result.ts';
import { runPlugin } from './run-plugin.ts';

/** Whom the plugins of a list are called for. */
export type ChainTarget = {
  readonly attachment: AttachmentDescription;
  readonly containerId: string;
  /** The path of the namespace; empty: it is gone. */
  readonly path: string;
  readonly folders: readonly string[];
};

const NOT_IMPLEMENTED = 4;

/** An attachment of a lab as its plugins are called for it. */
export const chainTarget = (
  attachment: AttachmentDescription,
  uid: string,
  folders: readonly string[],
): ChainTarget => ({
  attachment,
  containerId: containerIdOf(uid, attachment.netns),
  path: `/run/netns/${attachment.netns}`,
  folders,
});

/** How far ADD got: the last result, and why it ended there; null: it went through. */
export type ChainResult = { readonly result: CniResult | null; readonly problem: string | null };

/** Calls ADD of each plugin with the result of the one before, which is noted first. */
export function addChain(target: ChainTarget, note: (result: CniResult) => void): ChainResult {
  let result: CniResult | null = null;
  for (const plugin of target.attachment.config.plugins) {
    if (result !== null) note(result);
    const answer = callPlugin(target, plugin, { command: 'ADD', prevResult: result });
    if (answer.problem !== null) return { result, problem: answer.problem };
    result = answer.json ?? result;
  }
  return { result, problem: null };
}

/** Calls DEL of each plugin, the last first, with the result of ADD; goes on after an error, and gives all of them. */
export function deleteChain(target: ChainTarget, prevResult: CniResult | null): readonly string[] {
  return target.attachment.config.plugins
    .toReversed()
    .flatMap((plugin) => callPlugin(target, plugin, { command: 'DEL', prevResult }).problem ?? []);
}

/** Calls CHECK of the plugins whose answer can be trusted. Null: nothing is wrong, as far as they say. */
export function checkChain(target: ChainTarget, prevResult: CniResult): string | null {
  const { config } = target.attachment;
  if (config['disableCheck'] === true || isBefore(config.cniVersion, '0.4.0')) return null;
  const known = withoutPortMacs(prevResult, config);
  for (const plugin of config.plugins.filter(hasTrustedCheck(target.attachment))) {
    const { problem, code } = callPlugin(target, plugin, { command: 'CHECK', prevResult: known });
    if (problem !== null && code !== NOT_IMPLEMENTED) return problem;
  }
  return null;
}

/**
 * portmap before 1.3 finds fault with IPv4 alone, tuning with the word IFNAME that it replaced itself in ADD; bandwidth crashes for a
 * container that has no limit.
 */
const hasTrustedCheck =
  (attachment: AttachmentDescription) =>
  (plugin: CniPluginConfig): boolean => {
    const { type, sysctl } = plugin;
    if (type === 'bandwidth') return hasLimit(pluginInput(attachment, plugin, null));
    return (
      type !== 'portmap' && !(type === 'tuning' && isJsonObject(sysctl) && Object.keys(sysctl).some(namesInterface))
    );
  };

const hasLimit = ({ runtimeConfig, ...plugin }: { readonly [key: string]: Json }): boolean =>
  (isJsonObject(runtimeConfig) && isJsonObject(runtimeConfig['bandwidth'])) ||
  ['ingressRate', 'egressRate'].some((key) => plugin[key] !== undefined);

const namesInterface = (key: string): boolean => key.includes('IFNAME');

type PluginRequest = { readonly command: 'ADD' | 'CHECK' | 'DEL'; readonly prevResult: CniResult | null };

/** Calls one plugin. Its problem names it and the command. */
function callPlugin(
  target: ChainTarget,
  plugin: CniPluginConfig,
  { command, prevResult }: PluginRequest,
): PluginAnswer {
  const { attachment, containerId, path, folders } = target;
  const file = findPluginFile(plugin.type, folders);
  const words = `${plugin.type} ${command}`;
  if (file === null || file.problem !== null) {
    const problem = file?.problem ?? `there is no such plugin in ${folders.join(', ')}`;
    return { json: null, code: null, problem: `${words}: ${problem}` };
  }
  const begin = bootTicks();
  const outcome = runPlugin({
    path: file.path,
    variables: {
      CNI_COMMAND: command,
      CNI_CONTAINERID: containerId,
      CNI_NETNS: path,
      CNI_IFNAME: attachment.dev,
      CNI_ARGS: formatArgs(attachment.args),
      CNI_PATH: folders.join(':'),
    },
    input: JSON.stringify(pluginInput(attachment, plugin, prevResult)),
    timeoutMs: pluginTimeoutMs(),
  });
  if (outcome.isLate) endPluginProcesses(containerId, begin);
  const answer = readPluginAnswer(outcome, command === 'ADD');
  const hint = outcome.isLate ? ' (--cni-timeout gives it longer)' : '';
  return answer.problem === null ? answer : { ...answer, problem: `${words}: ${answer.problem}${hint}` };
}

/** `IgnoreUnknown=1;IP=10.22.0.5`: without the first, plugins refuse a key that they do not know. */
export const formatArgs = (args: AttachmentDescription['args']): string =>
  [['IgnoreUnknown', '1'], ...args].map(([key, value]) => `${key}=${value}`).join(';');

/** What a plugin reads on its standard input. */
export function pluginInput(
  { config, capabilities }: Pick<AttachmentDescription, 'config' | 'capabilities'>,
  plugin: CniPluginConfig,
  prevResult: CniResult | null,
): { readonly [key: string]: Json } {
  const has = plugin['capabilities'];
  const wanted = Object.entries(capabilities).filter(([name]) => isJsonObject(has) && has[name] === true);
  return {
    cniVersion: config.cniVersion,
    name: config.name,
    ...plugin,
    ...(wanted.length === 0 ? {} : { runtimeConfig: Object.fromEntries(wanted) }),
    ...(prevResult === null ? {} : { prevResult }),
  };
}

/** An error that says what went wrong with an attachment. */
export const attachmentError = (problem: string): Error => sysError('ECNI', problem);

/** Whether a version is before another, number by number. */
const isBefore = (one: string, other: string): boolean => one.localeCompare(other, 'en', { numeric: true }) < 0;
