import type { RuleValue } from '../../model/instruction.ts';

export type RuleSpec = RuleValue;
