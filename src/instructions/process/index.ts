import { unitsProblem } from '../../kernel/process/units/units-problem.ts';
import { defineInstructionFamily } from '../define-instruction-family.ts';
import { executeProcesses } from './execute.ts';
import { processShell } from './shell.ts';

/** Programs that go on after netform. */
export const processInstructionFamily = defineInstructionFamily({
  name: 'process',
  after: executeProcesses,
  errors: () => ({ ENOENT: 'a file or a program that it needs is not there' }),
  shell: (instruction) => processShell(instruction, unitsProblem() === null),
});
