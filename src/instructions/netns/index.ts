import { defineInstructionFamily } from '../define-instruction-family.ts';
import { netnsErrors } from './errors.ts';
import { executeNetnsAdd, executeNetnsDelete } from './execute.ts';
import { netnsShell } from './shell.ts';

/** Namespaces: made before everything else of a batch, deleted after it. */
export const netnsInstructionFamily = defineInstructionFamily({
  name: 'netns',
  before: executeNetnsAdd,
  after: executeNetnsDelete,
  errors: netnsErrors,
  shell: netnsShell,
});
