import { defineInstructionFamily } from '../define-instruction-family.ts';
import { neighbourErrors } from './errors.ts';
import { neighbourEncoder } from './execute.ts';
import { neighbourShell } from './shell.ts';

/** Permanent neighbours. */
export const neighbourInstructionFamily = defineInstructionFamily({
  name: 'neighbour',
  netlink: neighbourEncoder,
  errors: neighbourErrors,
  shell: neighbourShell,
});
