import { defineInstructionFamily } from '../define-instruction-family.ts';
import { addressErrors } from './errors.ts';
import { addressEncoder } from './execute.ts';
import { addressShell } from './shell.ts';

/** Addresses of links. */
export const addressInstructionFamily = defineInstructionFamily({
  name: 'address',
  netlink: addressEncoder,
  errors: addressErrors,
  shell: addressShell,
});
