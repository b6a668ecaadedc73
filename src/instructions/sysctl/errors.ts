import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { SysctlInstruction } from './types.ts';

/** What errors of writing a sysctl mean. */
export const sysctlErrors = ({ key, value }: SysctlInstruction): ErrnoSentences => ({
  ENOENT: `this kernel has no ${key} here`,
  EINVAL: `the kernel refuses the value '${value}'`,
});
