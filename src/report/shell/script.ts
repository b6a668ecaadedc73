import { type Instruction, PROTOCOL } from '../../model/instruction.ts';
import { deleteBlock, deleteFile, writeBlock, writeFile } from './file.ts';
import { forgetFlows } from './flows.ts';
import { addLink, setLink } from './link.ts';
import { routeLine, ruleLine } from './route.ts';
import { addNetns, deleteTable, replaceTable, setSysctl } from './system.ts';
import { command, inside, ip, word } from './words.ts';

/**
 * The rounds of a plan as lines for `sh`: in the order of execution, those of one round together by namespace, with a
 * comment line wherever the namespace changes. Ends with a newline; empty when there is nothing to do.
 */
export function shellScript(rounds: readonly (readonly Instruction[])[]): string {
  const lines: string[] = [];
  let place = '';
  for (const instruction of rounds.flatMap(byPlace)) {
    if (placeOf(instruction) !== place) {
      place = placeOf(instruction);
      lines.push(...(lines.length > 0 ? ['', `# ${place}`] : [`# ${place}`]));
    }
    lines.push(...shellLines(instruction));
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** What a person would type to do the same; it leaves what the executor leaves. */
export function shellLines(instruction: Instruction): readonly string[] {
  switch (instruction.do) {
    case 'netns.add':
      return addNetns(instruction);
    case 'netns.delete':
      return [`ip netns delete ${word(instruction.netns)}`];
    case 'link.add':
      return [addLink(instruction)];
    case 'link.set':
      return setLink(instruction);
    case 'link.delete':
      return [command(ip(instruction.netns), 'link delete dev', word(instruction.name))];
    case 'address.add':
      return [addressLine(instruction, 'add')];
    case 'address.delete':
      return deleteAddress(instruction);
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
      return [setSysctl(instruction.netns, instruction.key, instruction.value)];
    case 'nft.replace':
      return replaceTable(instruction);
    case 'nft.delete':
      return [deleteTable(instruction)];
    case 'flows.forget':
      return forgetFlows(instruction);
    case 'file.write':
      return writeFile(instruction);
    case 'file.delete':
      return deleteFile(instruction.path, instruction.andFolder);
    case 'file.block':
      return writeBlock(instruction);
    case 'file.unblock':
      return deleteBlock(instruction);
  }
}

const placeOf = (instruction: Instruction): string => ('netns' in instruction ? instruction.netns : 'files');

function byPlace(round: readonly Instruction[]): readonly Instruction[] {
  const places = new Map<string, Instruction[]>();
  for (const instruction of round) {
    const group = places.get(placeOf(instruction));
    if (group === undefined) places.set(placeOf(instruction), [instruction]);
    else group.push(instruction);
  }
  return [...places.values()].flat();
}

type Address = { readonly netns: string; readonly dev: string; readonly prefix: string };

// IFA_PROTO is left out: `ip address add … proto` came with iproute2 6.3.
function addressLine({ netns, dev, prefix }: Address, verb: 'add' | 'delete'): string {
  const nodad = verb === 'add' && prefix.includes(':') ? 'nodad' : null;
  return command(ip(netns), 'address', verb, prefix, 'dev', word(dev), nodad);
}

/** On a link of the machine's own, secondary addresses of others would go with the first one of their subnet. */
function deleteAddress(instruction: Address & { readonly existing?: boolean }): readonly string[] {
  const line = addressLine(instruction, 'delete');
  if (!instruction.existing || instruction.prefix.includes(':')) return [line];
  const key = word(`net/ipv4/conf/${instruction.dev}/promote_secondaries`);
  const sysctl = inside(instruction.netns, 'sysctl');
  return [`promotes=$(${sysctl} -n ${key})`, `${sysctl} -qw ${key}=1`, line, `${sysctl} -qw ${key}="$promotes"`];
}

type Entry = { readonly mac: string; readonly protocol?: number };
type Neighbour = { readonly netns: string; readonly dev: string; readonly to: string };

function neighbourLine({ netns, dev, to }: Neighbour, entry: Entry | null): string {
  if (entry === null) return command(ip(netns), 'neighbour delete', to, 'dev', word(dev));
  const { mac, protocol = PROTOCOL } = entry;
  return command(
    ip(netns),
    'neighbour replace',
    to,
    `lladdr ${mac}`,
    'dev',
    word(dev),
    `protocol ${protocol} nud permanent`,
  );
}
