import { formatArgs, pluginInput } from '../../kernel/cni/chain.ts';
import { containerIdOf } from '../../model/lab-parts/attachment.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import type { AttachmentInstruction } from './types.ts';

/** The calls of the plugins, each with the result of the one before. `CNI_PATH` says where they are; it is Debian's otherwise. */
export function attachmentShell({ do: verb, netns, uid, attachment }: AttachmentInstruction): readonly string[] {
  const isAdd = verb === 'attachment.add';
  const { dev, args, config } = attachment;
  const variables = {
    CNI_COMMAND: isAdd ? 'ADD' : 'DEL',
    CNI_CONTAINERID: containerIdOf(uid, netns),
    CNI_NETNS: `/run/netns/${netns}`,
    CNI_IFNAME: dev,
    CNI_ARGS: formatArgs(args),
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}`);
  const result = `/run/netform-cni-${netns}-${dev}.json`;
  const plugins = isAdd ? config.plugins : config.plugins.toReversed();
  const call = `CNI_PATH="$CNI_PATH" PATH="$CNI_PATH:$PATH" ${assignments.join(' ')}`;
  const calls = plugins.map((plugin, i) => {
    const input = JSON.stringify(pluginInput(attachment, plugin, null));
    const last = isAdd && i > 0 ? `"$(cat ${shellWord(result)})"` : null;
    const feed =
      last === null
        ? `printf '%s' ${shellWord(input)}`
        : `printf '{"prevResult":%s,%s' ${last} ${shellWord(input.slice(1))}`;
    const into = isAdd
      ? ` >${shellWord(`${result}.new`)} && mv ${shellWord(`${result}.new`)} ${shellWord(result)}`
      : '';
    return `${feed} | env ${call} ${shellWord(plugin.type)}${into}`;
  });
  return [`: "\${CNI_PATH:=/opt/cni/bin:/usr/lib/cni}"`, ...calls, ...(isAdd ? [] : [`rm -f ${shellWord(result)}`])];
}
