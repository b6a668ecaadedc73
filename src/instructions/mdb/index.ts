import { defineInstructionFamily } from '../define-instruction-family.ts';
import { mdbErrors } from './errors.ts';
import { mdbEncoder } from './execute.ts';
import { mdbShell } from './shell.ts';

/** Entries of the multicast tables of bridges. */
export const mdbInstructionFamily = defineInstructionFamily({
  name: 'mdb',
  netlink: mdbEncoder,
  errors: mdbErrors,
  shell: mdbShell,
});
