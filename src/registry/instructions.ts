import { addressInstructionFamily } from '../instructions/address/index.ts';
import { attachmentInstructionFamily } from '../instructions/attachment/index.ts';
import { bridgeVlanInstructionFamily } from '../instructions/bridge-vlan/index.ts';
import { conntrackInstructionFamily } from '../instructions/conntrack/index.ts';
import type { InstructionFamily } from '../instructions/define-instruction-family.ts';
import { fdbInstructionFamily } from '../instructions/fdb/index.ts';
import { fileInstructionFamily } from '../instructions/file/index.ts';
import { linkInstructionFamilyOf } from '../instructions/link/index.ts';
import { mdbInstructionFamily } from '../instructions/mdb/index.ts';
import { neighbourInstructionFamily } from '../instructions/neighbour/index.ts';
import { netnsInstructionFamily } from '../instructions/netns/index.ts';
import { nftInstructionFamily } from '../instructions/nft/index.ts';
import { processInstructionFamily } from '../instructions/process/index.ts';
import { queueInstructionFamily } from '../instructions/queue/index.ts';
import { routeInstructionFamily } from '../instructions/route/index.ts';
import { ruleInstructionFamily } from '../instructions/rule/index.ts';
import { shellScriptOf } from '../instructions/shell-script.ts';
import { sysctlInstructionFamily } from '../instructions/sysctl/index.ts';
import { vswitchInstructionFamily } from '../instructions/vswitch/index.ts';
import { wireguardInstructionFamily } from '../instructions/wireguard/index.ts';
import { invariant } from '../model/error.ts';
import type { Instruction } from '../model/instruction.ts';
import { linkKinds } from './kinds.ts';

/** Every family of instructions by name, in the order in which they are carried out after the netlink messages. */
export const instructionFamilies: ReadonlyMap<string, InstructionFamily> = new Map(
  [
    linkInstructionFamilyOf(linkKinds),
    bridgeVlanInstructionFamily,
    addressInstructionFamily,
    routeInstructionFamily,
    ruleInstructionFamily,
    neighbourInstructionFamily,
    fdbInstructionFamily,
    mdbInstructionFamily,
    queueInstructionFamily,
    sysctlInstructionFamily,
    nftInstructionFamily,
    conntrackInstructionFamily,
    fileInstructionFamily,
    attachmentInstructionFamily,
    processInstructionFamily,
    vswitchInstructionFamily,
    wireguardInstructionFamily,
    netnsInstructionFamily,
  ].map((family) => [family.name, family]),
);

/** What a person would type to do the same as an instruction, one command per line. */
export function shellLines(instruction: Instruction): readonly string[] {
  const family = instructionFamilies.get(instruction.do.slice(0, instruction.do.indexOf('.')));
  invariant(family, `${instruction.do} has no family`);
  return family.shell(instruction);
}

/** The rounds of a plan as a script for `sh`. Ends with a newline; empty when there is nothing to do. */
export const shellScript = (rounds: readonly (readonly Instruction[])[]): string => shellScriptOf(rounds, shellLines);
