import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { NeighbourInstruction } from './types.ts';

/** What errors of setting and deleting a neighbour mean. */
export const neighbourErrors = ({ dev, to }: NeighbourInstruction): ErrnoSentences => ({
  ENOENT: `${dev} has no neighbour ${to}`,
});
