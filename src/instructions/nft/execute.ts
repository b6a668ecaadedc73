import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import type { NftInstruction } from './types.ts';

/** Changes or replaces tables, then deletes tables, each in one transaction. */
export const executeTables: BatchExecutor<NftInstruction> = (instructions, { sessions, nft }, attempt) => {
  for (const one of instructions)
    if (one.do === 'nft.replace') attempt([one], () => nft.replace(sessions.open(one.netns), one));
  for (const one of instructions)
    if (one.do === 'nft.delete')
      attempt([one], () => nft.remove(sessions.open(one.netns), one.family ?? 'inet', one.table));
};
