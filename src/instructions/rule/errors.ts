import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { RuleInstruction } from './types.ts';

/** What errors of adding and deleting a rule mean. */
export const ruleErrors = ({ rule: { priority } }: RuleInstruction): ErrnoSentences => ({
  EEXIST: `there is such a rule with priority ${priority} already`,
  ENOENT: `there is no such rule with priority ${priority}`,
});
