import type { BridgeOptions } from '../src/kinds/links/bridge/options.ts';
import { insertManagedBlock } from '../src/model/files/managed-block.ts';
import type { Instruction, RouteValue } from '../src/model/instruction.ts';

/** Puts a text into a file and gives its path. */
export type StoreText = (text: string) => string;

/**
 * netform's instructions as lines for `lowerbound.c`: fields divided by tabs, in the order of making. Throws for an
 * instruction that the program does not know, so that it never does less in silence.
 */
export const encodeInstructions = (instructions: readonly Instruction[], keep: StoreText): string =>
  instructions.flatMap((instruction) => lineOf(instruction, keep).map((fields) => `${fields.join('\t')}\n`)).join('');

type Fields = readonly (string | number)[];

function lineOf(instruction: Instruction, keep: StoreText): readonly Fields[] {
  switch (instruction.do) {
    case 'netns.add': {
      const { netns, mark, sysctls } = instruction;
      return [['netns', netns, mark], ...Object.entries(sysctls).map((entry) => ['own', netns, ...entry])];
    }
    case 'link.add':
      return [linkFields(instruction)];
    case 'link.set':
      return settingFields(instruction);
    case 'address.add':
      return [['address', instruction.netns, instruction.dev, ...instruction.prefix.split('/')]];
    case 'route.add':
      return [['route', instruction.netns, ...routeFields(instruction.route)]];
    case 'rule.add': {
      const { from, table, priority } = instruction.rule;
      return [['rule', instruction.netns, ...(from ?? '').split('/'), table, priority]];
    }
    case 'sysctl.set':
    case 'sysctl.restore':
      return [['sysctl', instruction.netns, instruction.key, instruction.value]];
    case 'nft.replace':
      return [['nft', instruction.netns, keep(instruction.script), `delete table inet ${instruction.table}`]];
    case 'file.block':
      return [['file', 'host', instruction.path, keep(insertManagedBlock(null, instruction.mark, instruction.lines))]];
    default:
      throw new Error(`lowerbound.c does not know ${instruction.do}`);
  }
}

function linkFields({ netns, name, mac, mtu, master, kind, peer, options }: InstructionOf<'link.add'>): Fields {
  const own = [netns, name, mac, mtu ?? MTU];
  if (peer) return ['veth', ...own, master ?? '', peer.netns, peer.name, peer.mac, peer.mtu ?? MTU];
  if (kind !== 'bridge') throw new Error(`${name} is neither a bridge nor a veth pair`);
  const { forwardDelay, ageing, stp, priority, multicastSnooping } = options as BridgeOptions;
  return ['bridge', ...own, forwardDelay * TICKS, ageing * TICKS, Number(stp), priority, Number(multicastSnooping)];
}

function settingFields({ netns, name, set }: InstructionOf<'link.set'>): readonly Fields[] {
  const { alias, up, master, hairpin } = set;
  return [
    ...(alias === undefined && up ? [['up', netns, name]] : []),
    ...(alias === undefined ? [] : [['set', netns, name, alias, Number(up ?? false), master ?? '']]),
    ...(hairpin ? [['hairpin', netns, name]] : []),
  ];
}

function routeFields({ to, table, metric, hops }: RouteValue): Fields {
  const [hop] = hops;
  if (!hop || hops.length > 1) throw new Error(`lowerbound.c knows routes of one hop only, not ${to}`);
  return [...to.split('/'), table, metric, hop.via ?? '', hop.dev];
}

const MTU = 1500;
/** The kernel counts bridge times in hundredths of a second. */
const TICKS = 100;

type InstructionOf<D extends Instruction['do']> = Extract<Instruction, { do: D }>;
