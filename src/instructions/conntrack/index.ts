import { defineInstructionFamily } from '../define-instruction-family.ts';
import { executeConntrack } from './execute.ts';
import { conntrackShell } from './shell.ts';
import type { ConntrackInstruction } from './types.ts';

/** Tracked connections. An entry that no longer exists is not an error. */
export const conntrackInstructionFamily = defineInstructionFamily<ConntrackInstruction>({
  name: 'flows',
  after: executeConntrack,
  errors: () => ({}),
  shell: conntrackShell,
});
