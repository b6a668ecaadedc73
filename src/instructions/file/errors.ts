import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { FileInstruction } from './types.ts';

/** What errors of writing and removing a file or a block mean. */
export function fileErrors(instruction: FileInstruction): ErrnoSentences {
  const { path } = instruction;
  if (instruction.do === 'file.write') return { EEXIST: `${path} exists already` };
  if (instruction.do === 'file.put') return {};
  if (instruction.do === 'file.delete') return { ENOENT: `there is no ${path}` };
  return { ENOENT: `${path} has no block ${instruction.mark}` };
}
