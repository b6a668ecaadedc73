import { defineInstructionFamily } from '../define-instruction-family.ts';
import { sysctlErrors } from './errors.ts';
import { executeSysctls } from './execute.ts';
import { sysctlShell } from './shell.ts';

/** Kernel settings. */
export const sysctlInstructionFamily = defineInstructionFamily({
  name: 'sysctl',
  after: executeSysctls,
  errors: sysctlErrors,
  shell: sysctlShell,
});
