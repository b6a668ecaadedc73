import { deleteConntrackEntries } from '../../kernel/conntrack/delete-entries.ts';
import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import type { ConntrackInstruction } from './types.ts';

/** Deletes conntrack entries, after the tables whose rules they followed. */
export const executeConntrack: BatchExecutor<ConntrackInstruction> = (instructions, { sessions }, attempt) => {
  for (const one of instructions) attempt([one], () => deleteConntrackEntries(sessions.open(one.netns), one.flows));
};
