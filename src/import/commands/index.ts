import { portVlanWords } from '../links/port-vlans.ts';
import { readBridgeCommand } from './bridge.ts';
import { type CommandConfig, type CommandContext, type CommandReader, emptyConfig } from './config.ts';
import { readIpCommand } from './ip.ts';
import { readIptablesCommand } from './iptables.ts';
import { readBrctlCommand, readIfconfigCommand, readRouteCommand } from './net-tools.ts';
import { type ShellCommand, shellCommands } from './shell-words.ts';
import { readEchoCommand, readSysctlCommand } from './sysctl.ts';
import { readTcCommand } from './tc.ts';

const nothing: CommandReader = () => true;

const READERS: { readonly [program: string]: CommandReader } = {
  ...{ ip: readIpCommand, ifconfig: readIfconfigCommand, route: readRouteCommand, brctl: readBrctlCommand },
  ...{ iptables: readIptablesCommand, 'iptables-legacy': readIptablesCommand, 'iptables-nft': readIptablesCommand },
  ...{
    ip6tables: readIptablesCommand,
    sysctl: readSysctlCommand,
    echo: readEchoCommand,
    tc: readTcCommand,
    bridge: readBridgeCommand,
    sleep: nothing,
    true: nothing,
  },
};

/** Reads lines as people write them to be run in a node: `ip addr add 10.0.0.1/24 dev eth1`, also in `sh -c '…'`. */
export function readCommands(lines: readonly string[], context: CommandContext): CommandConfig {
  const config = emptyConfig();
  for (const command of lines.flatMap(shellCommands).flatMap(innerCommands)) {
    const words = withoutNoise(command.words);
    const [program = ''] = words;
    const name = program.replace(/^.*\//, '');
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    const isPlain = !words.some((word) => /^\||^\$|^`|[$`]/.test(word));
    if (!isPlain || !reader?.(config, words.slice(1), context)) config.unknown.push(command.text);
  }
  for (const [name, { vlans }] of config.links)
    if (vlans !== null && portVlanWords(vlans) === null)
      config.unknown.push(`bridge vlan of ${name}: frames of some VLANs leave without a tag, and come with one`);
  return config;
}

/** Without sudo, and without what sends the output somewhere else than into a file. */
function withoutNoise(words: readonly string[]): readonly string[] {
  const own = words[0] === 'sudo' ? words.slice(1) : words;
  return own.filter(
    (word, i) =>
      !/^\d?>&\d$/.test(word) &&
      !(/>/.test(word) && own[i + 1] === '/dev/null') &&
      !(word === '/dev/null' && />/.test(own[i - 1] ?? '')),
  );
}

/** `sh -c "one && two"` as its commands. */
function innerCommands(command: ShellCommand): readonly ShellCommand[] {
  const { words } = command;
  const at = words[0] === 'sudo' ? 1 : 0;
  const isShell = /^(?:.*\/)?(?:ba|a|da)?sh$/.test(words[at] ?? '') && /^-[a-z]*c$/.test(words[at + 1] ?? '');
  return isShell ? shellCommands(words[at + 2] ?? '').flatMap(innerCommands) : [command];
}
