import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { LinkInstruction } from './types.ts';

/** What errors of adding, changing and deleting a link mean. */
export function linkErrors(instruction: LinkInstruction): ErrnoSentences {
  const { name } = instruction;
  if (instruction.do === 'link.add')
    return {
      EEXIST: `a link named ${[name, instruction.peer?.name].filter(Boolean).join(' or ')} exists already`,
      EXFULL: `the bridge ${instruction.master} has no room: 1023 ports are the most`,
      EOPNOTSUPP: `this kernel has no links of the type ${instruction.kind}`,
      ERANGE: 'the MAC or the MTU is out of range',
    };
  if (instruction.do === 'link.set')
    return {
      EXFULL: `the bridge ${instruction.set.master} has no room: 1023 ports are the most`,
      EADDRNOTAVAIL: `the link refuses the MAC ${instruction.set.mac}`,
      EBUSY: `the link ${name} cannot be changed while it is up or has a master`,
      ELOOP: 'a bridge cannot be a port of a bridge',
      ENODEV: `there is no link ${name}`,
      ERANGE: 'the name, alias or MTU is out of range',
    };
  if (instruction.do === 'link.move')
    return {
      EEXIST: `${instruction.to.netns} has a link ${instruction.to.name} already`,
      EINVAL: `the link ${name} cannot leave its namespace (a wireless NIC moves with its radio: iw phy … set netns)`,
      ENODEV: `there is no link ${name}`,
    };
  return {
    ENODEV: `there is no link ${name}`,
    EOPNOTSUPP: `the link ${name} cannot be deleted: it is a device of the machine`,
  };
}
