import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { FdbInstruction } from './types.ts';

/** What errors of changing a forwarding table mean. */
export const fdbErrors = ({ dev, to }: FdbInstruction): ErrnoSentences => ({
  ENOENT: `${dev} has no forwarding entry to ${to}`,
  EOPNOTSUPP: `${dev} has no forwarding table with addresses`,
  EAFNOSUPPORT: `${dev} sends over the other family than that of ${to}`,
});
