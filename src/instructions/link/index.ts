import type { LinkKinds } from '../../model/link-kind.ts';
import { defineInstructionFamily, type InstructionFamily } from '../define-instruction-family.ts';
import { linkErrors } from './errors.ts';
import { executeLinkDelete, linkEncoder } from './execute.ts';
import { linkShell } from './shell.ts';
import type { LinkInstruction } from './types.ts';

/** Links of these kinds. Deletions come after all netlink messages. */
export const linkInstructionFamilyOf = (linkKinds: LinkKinds): InstructionFamily =>
  defineInstructionFamily<LinkInstruction>({
    name: 'link',
    netlink: linkEncoder(linkKinds),
    after: executeLinkDelete,
    errors: linkErrors,
    shell: (instruction) => linkShell(instruction, linkKinds),
  });
