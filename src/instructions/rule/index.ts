import { defineInstructionFamily } from '../define-instruction-family.ts';
import { ruleErrors } from './errors.ts';
import { ruleEncoder } from './execute.ts';
import { ruleShell } from './shell.ts';

/** Policy routing rules. */
export const ruleInstructionFamily = defineInstructionFamily({
  name: 'rule',
  netlink: ruleEncoder,
  errors: ruleErrors,
  shell: ruleShell,
});
