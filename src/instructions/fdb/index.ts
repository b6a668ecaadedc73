import { defineInstructionFamily } from '../define-instruction-family.ts';
import { fdbErrors } from './errors.ts';
import { fdbEncoder } from './execute.ts';
import { fdbShell } from './shell.ts';

/** Entries of forwarding tables. */
export const fdbInstructionFamily = defineInstructionFamily({
  name: 'fdb',
  netlink: fdbEncoder,
  errors: fdbErrors,
  shell: fdbShell,
});
