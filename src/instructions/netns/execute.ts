import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import { addNamespaces, deleteNamespaces } from '../../kernel/netns/create-delete.ts';
import { linkNetns, unlinkNetns } from '../../kernel/netns/netns.ts';
import { groupBy } from '../../model/values/group-by.ts';
import type { NetnsInstruction } from './types.ts';

/** Makes namespaces, and links to those of other programs. */
export const executeNetnsAdd: BatchExecutor<NetnsInstruction> = (instructions, { sessions }, attempt) => {
  addNamespaces(
    sessions,
    instructions.filter((one) => one.do === 'netns.add'),
    attempt,
  );
  for (const one of instructions)
    if (one.do === 'netns.link') attempt([one], () => linkNetns(one.netns, one.target, one.former));
};

/** Deletes namespaces together, and such links. */
export const executeNetnsDelete: BatchExecutor<NetnsInstruction> = (instructions, context, attempt) => {
  for (const one of instructions)
    if (one.do === 'netns.unlink') attempt([one], () => unlinkNetns(one.netns, one.target));
  const all = instructions.filter((one) => one.do === 'netns.delete');
  if (all.length === 0) return;
  const byName = groupBy(all, ({ netns }) => netns);
  const doomed = new Map(all.map(({ netns, leftover = false }) => [netns, { leftover }]));
  deleteNamespaces(context, doomed, (netns, action) => attempt(byName.get(netns) ?? [], action));
};
