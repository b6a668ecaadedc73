import { defineInstructionFamily } from '../define-instruction-family.ts';
import { executeOvs } from './execute.ts';
import { ovsShell } from './shell.ts';

/** A private Open vSwitch: bridges and ports as rows. */
export const vswitchInstructionFamily = defineInstructionFamily({
  name: 'vswitch',
  after: executeOvs,
  errors: () => ({
    ENOENT: 'the database of this Open vSwitch is not there',
    ECONNREFUSED: 'the database of this Open vSwitch does not answer',
  }),
  shell: ovsShell,
});
