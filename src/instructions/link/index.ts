import type { LinkKinds } from '../../model/link-kind.ts';
import { defineInstructionFamily, type InstructionFamily } from '../define-instruction-family.ts';
import { linkErrors } from './errors.ts';
import { executeLinkDelete, executeTunAdd, linkEncoder } from './execute.ts';
import { linkShell } from './shell.ts';
import type { LinkInstruction } from './types.ts';

/** Links of these kinds. Those that an ioctl makes come after all netlink messages, and after them deletions. */
export const linkInstructionFamilyOf = (linkKinds: LinkKinds): InstructionFamily =>
  defineInstructionFamily<LinkInstruction>({
    name: 'link',
    netlink: linkEncoder(linkKinds),
    after: (instructions, context, attempt) => {
      executeTunAdd(instructions, context, attempt);
      executeLinkDelete(instructions, context, attempt);
    },
    errors: linkErrors,
    shell: (instruction) => linkShell(instruction, linkKinds),
  });
