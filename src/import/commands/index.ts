import { portVlanWords } from '../links/port-vlans.ts';
import { importedProgram } from '../programs/imported-program.ts';
import { isOwnFolder } from '../programs/known-servers.ts';
import { readBridgeCommand } from './bridge.ts';
import { type CommandConfig, type CommandContext, type CommandReader, emptyConfig } from './config.ts';
import { readIpCommand } from './ip.ts';
import { readIptablesCommand } from './iptables.ts';
import { readBrctlCommand, readIfconfigCommand, readRouteCommand } from './net-tools.ts';
import { type ShellCommand, shellCommands, startOfProgram } from './shell-words.ts';
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
    wait: nothing,
    // What keeps a container alive; a namespace stays without it.
    tail: (_config, words) => words.includes('/dev/null'),
  },
};

/** Reads lines as people write them to be run in a node: `ip addr add 10.0.0.1/24 dev eth1`, also in `sh -c '…'`. */
export function readCommands(lines: readonly string[], context: CommandContext): CommandConfig {
  const config = emptyConfig();
  for (const line of lines) readLine(config, line, context);
  for (const [name, { vlans }] of config.links)
    if (vlans !== null && portVlanWords(vlans) === null)
      config.unknown.push(`bridge vlan of ${name}: frames of some VLANs leave without a tag, and come with one`);
  return config;
}

/** A `cd` of a line. */
type LineFolder = { readonly path: string; readonly text: string; isUsed: boolean };

function readLine(config: CommandConfig, line: string, context: CommandContext): void {
  const { files } = context;
  const folders: LineFolder[] = [];
  for (const command of shellCommands(line).flatMap(innerCommands)) {
    if (readCommand(config, command, context)) continue;
    const folder = folders.at(-1);
    const isOwn = files !== null && (!folder || isOwnFolder(folder.path, files));
    const program = isOwn ? importedProgram(command, { workdir: folder?.path ?? null, files }) : null;
    const [name, path, more] = command.words;
    if (program) config.programs.push(program);
    if (program && folder) folder.isUsed = true;
    else if (!program && name === 'cd' && path !== undefined && more === undefined)
      folders.push({ path, text: command.text, isUsed: false });
    else if (!program) config.unknown.push(command.text);
  }
  config.unknown.push(...folders.filter(({ isUsed }) => !isUsed).map(({ text }) => text));
}

function readCommand(config: CommandConfig, command: ShellCommand, context: CommandContext): boolean {
  const words = withoutNoise(command.words);
  const [program = ''] = words;
  const name = program.replace(/^.*\//, '');
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  const isPlain = !words.some((word) => /^\||^\$|^`|[$`]/.test(word));
  return isPlain && reader?.(config, words.slice(1), context) === true;
}

/** Without sudo and the like, and without what sends the output somewhere else than into a file. */
function withoutNoise(words: readonly string[]): readonly string[] {
  const own = words.slice(startOfProgram(words));
  return own.filter(
    (word, i) =>
      !/^\d?>&\d$/.test(word) &&
      !(/>/.test(word) && own[i + 1] === '/dev/null') &&
      !(word === '/dev/null' && />/.test(own[i - 1] ?? '')),
  );
}

/** `sh -c "one && two"` as its commands; what is said of the whole is said of the last of them. */
function innerCommands(command: ShellCommand): readonly ShellCommand[] {
  const { words, isBackground } = command;
  const at = startOfProgram(words);
  const isShell = /^(?:.*\/)?(?:ba|a|da)?sh$/.test(words[at] ?? '') && /^-[a-z]*c$/.test(words[at + 1] ?? '');
  if (!isShell) return [command];
  const inner = shellCommands(words[at + 2] ?? '', words[at]).flatMap(innerCommands);
  return inner.map((one, i) => (isBackground && i === inner.length - 1 ? { ...one, isBackground } : one));
}
