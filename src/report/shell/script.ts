import { type Instruction, NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { LinkKinds } from '../../model/link-kind.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { conntrackDeleteLines } from './conntrack.ts';
import { deleteBlockLines, deleteFileLines, writeBlockLines, writeFileLines } from './file.ts';
import { addLinkLine, setLinkLines } from './link.ts';
import { ipCommand, netnsCommand, shellCommand } from './quote.ts';
import { routeLine, ruleLine } from './route.ts';
import { addNetnsLines, deleteTableLine, replaceTableLines, setSysctlLine } from './system.ts';

/**
 * The rounds of a plan as lines for `sh`: in the order of execution, those of one round together by namespace, with a
 * comment line wherever the namespace changes. Ends with a newline; empty when there is nothing to do.
 */
export function shellScript(rounds: readonly (readonly Instruction[])[], linkKinds: LinkKinds): string {
  const lines: string[] = [];
  let place = '';
  for (const instruction of rounds.flatMap(groupBySection)) {
    if (scriptSection(instruction) !== place) {
      place = scriptSection(instruction);
      lines.push(...(lines.length > 0 ? ['', `# ${place}`] : [`# ${place}`]));
    }
    lines.push(...shellLines(instruction, linkKinds));
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** What a person would type to do the same; it leaves what the executor leaves. */
export function shellLines(instruction: Instruction, linkKinds: LinkKinds): readonly string[] {
  switch (instruction.do) {
    case 'netns.add':
      return addNetnsLines(instruction);
    case 'netns.delete':
      return [`ip netns delete ${shellWord(instruction.netns)}`];
    case 'link.add':
      return [addLinkLine(instruction, linkKinds)];
    case 'link.set':
      return setLinkLines(instruction, linkKinds);
    case 'link.delete':
      return [shellCommand(ipCommand(instruction.netns), 'link delete dev', shellWord(instruction.name))];
    case 'address.add':
      return [addressLine(instruction, 'add')];
    case 'address.delete':
      return deleteAddressLines(instruction);
    // IFA_PROTO came with iproute2 6.3: there is no line for it.
    case 'address.mark':
      return [];
    case 'route.add':
      return [routeLine({ ...instruction, verb: 'add' })];
    case 'route.replace':
      return [routeLine({ ...instruction, verb: 'replace' })];
    case 'route.delete':
      return [routeLine({ ...instruction, verb: 'delete' })];
    case 'rule.add':
      return [ruleLine({ ...instruction, verb: 'add' })];
    case 'rule.delete':
      return [ruleLine({ ...instruction, verb: 'delete' })];
    case 'neighbour.set':
      return [neighbourLine(instruction, instruction)];
    case 'neighbour.delete':
      return [neighbourLine(instruction, null)];
    case 'sysctl.set':
    case 'sysctl.restore':
      return [setSysctlLine(instruction.netns, instruction.key, instruction.value)];
    case 'nft.replace':
      return replaceTableLines(instruction);
    case 'nft.delete':
      return [deleteTableLine(instruction)];
    case 'flows.forget':
      return conntrackDeleteLines(instruction);
    case 'file.write':
      return writeFileLines(instruction);
    case 'file.delete':
      return deleteFileLines(instruction.path, instruction.andFolder);
    case 'file.block':
      return writeBlockLines(instruction);
    case 'file.unblock':
      return deleteBlockLines(instruction);
  }
}

const scriptSection = (instruction: Instruction): string => ('netns' in instruction ? instruction.netns : 'files');

function groupBySection(round: readonly Instruction[]): readonly Instruction[] {
  const places = new Map<string, Instruction[]>();
  for (const instruction of round) {
    const group = places.get(scriptSection(instruction));
    if (group === undefined) places.set(scriptSection(instruction), [instruction]);
    else group.push(instruction);
  }
  return [...places.values()].flat();
}

type ShellAddress = { readonly netns: string; readonly dev: string; readonly prefix: string };

// IFA_PROTO is left out: `ip address add … proto` came with iproute2 6.3.
function addressLine({ netns, dev, prefix }: ShellAddress, verb: 'add' | 'delete'): string {
  const nodad = verb === 'add' && prefix.includes(':') ? 'nodad' : null;
  return shellCommand(ipCommand(netns), 'address', verb, prefix, 'dev', shellWord(dev), nodad);
}

/** On a link of the machine's own, secondary addresses of others would go with the first one of their subnet. */
function deleteAddressLines(instruction: ShellAddress & { readonly existing?: boolean }): readonly string[] {
  const line = addressLine(instruction, 'delete');
  if (!instruction.existing || instruction.prefix.includes(':')) return [line];
  const key = shellWord(`net/ipv4/conf/${instruction.dev}/promote_secondaries`);
  const sysctl = netnsCommand(instruction.netns, 'sysctl');
  return [`promotes=$(${sysctl} -n ${key})`, `${sysctl} -qw ${key}=1`, line, `${sysctl} -qw ${key}="$promotes"`];
}

type ShellNeighbourEntry = { readonly mac: string; readonly protocol?: number };
type ShellNeighbour = { readonly netns: string; readonly dev: string; readonly to: string };

function neighbourLine({ netns, dev, to }: ShellNeighbour, entry: ShellNeighbourEntry | null): string {
  if (entry === null) return shellCommand(ipCommand(netns), 'neighbour delete', to, 'dev', shellWord(dev));
  const { mac, protocol = NETFORM_PROTOCOL } = entry;
  return shellCommand(
    ipCommand(netns),
    'neighbour replace',
    to,
    `lladdr ${mac}`,
    'dev',
    shellWord(dev),
    `protocol ${protocol} nud permanent`,
  );
}
