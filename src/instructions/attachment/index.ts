import { defineInstructionFamily } from '../define-instruction-family.ts';
import { executeAttachments } from './execute.ts';
import { attachmentShell } from './shell.ts';

/** Interfaces that CNI plugins make. */
export const attachmentInstructionFamily = defineInstructionFamily({
  name: 'attachment',
  after: executeAttachments,
  errors: () => ({ ENOENT: 'a file or a namespace that its plugins need is not there' }),
  shell: attachmentShell,
});
