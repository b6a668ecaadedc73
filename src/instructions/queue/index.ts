import { defineInstructionFamily } from '../define-instruction-family.ts';
import { queueErrors } from './errors.ts';
import { queueEncoder } from './execute.ts';
import { queueShell } from './shell.ts';

/** Queueing disciplines that impair. */
export const queueInstructionFamily = defineInstructionFamily({
  name: 'queue',
  netlink: queueEncoder,
  errors: queueErrors,
  shell: queueShell,
});
