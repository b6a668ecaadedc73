import { defineInstructionFamily } from '../define-instruction-family.ts';
import { fileErrors } from './errors.ts';
import { executeFiles } from './execute.ts';
import { fileShell } from './shell.ts';

/** Files of the machine. */
export const fileInstructionFamily = defineInstructionFamily({
  name: 'file',
  after: executeFiles,
  errors: fileErrors,
  shell: fileShell,
});
