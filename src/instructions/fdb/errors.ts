import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { FdbInstruction } from './types.ts';

/** What errors of changing a forwarding table mean. */
export function fdbErrors(instruction: FdbInstruction): ErrnoSentences {
  const { dev } = instruction;
  if (!('to' in instruction))
    return {
      ENOENT: `${dev} has no forwarding entry for ${instruction.mac}`,
      EOPNOTSUPP: `${dev} is not a port of a bridge`,
      EINVAL: `${dev} is not a port of a bridge, or not in that VLAN`,
    };
  return {
    ENOENT: `${dev} has no forwarding entry to ${instruction.to}`,
    EOPNOTSUPP: `${dev} has no forwarding table with addresses`,
    EAFNOSUPPORT: `${dev} sends over the other family than that of ${instruction.to}`,
  };
}
