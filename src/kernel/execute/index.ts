import type { Instruction } from '../../model/instruction.ts';
import type { Failure } from '../../model/machine.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { deleteConntrackEntries } from '../conntrack/delete-entries.ts';
import { catchErrno, errorCode, errorSentence } from '../errno.ts';
import { removeEmptyFolders, withParentFolders } from '../files/created-folders.ts';
import { removeBlockFromFile, writeBlockToFile } from '../files/managed-block.ts';
import { createFile, replaceFile, unlinkFile } from '../files/system-files.ts';
import type { AttemptFunction, KernelContext } from '../kernel-context.ts';
import { throwNetlinkRefusal } from '../netlink/socket.ts';
import { addNamespaces, deleteNamespaces } from '../netns/create-delete.ts';
import { inNetns } from '../netns/netns.ts';
import { writeSysctl } from '../sysctl/sysctl.ts';
import { deleteLinks } from './delete-links.ts';
import { isNetlinkInstruction } from './encode-instruction.ts';
import { instructionErrorMessage } from './error-messages.ts';
import { sendNetlinkBatch } from './netlink-batch.ts';
import { withSecondaryPromotion } from './promote-secondaries.ts';

/** Does a batch, all of it, and gives the failures in its order. An error that is not the machine's goes on. */
export function executeInstructions(tools: KernelContext, batch: readonly Instruction[]): readonly Failure[] {
  const failures = new Map<Instruction, Failure>();
  const attempt: AttemptFunction = (instructions, action) => {
    try {
      action();
    } catch (error) {
      for (const instruction of instructions) failures.set(instruction, toFailure(instruction, error));
    }
  };
  const { sessions } = tools;
  addNamespaces(sessions, selectInstructions(batch, 'netns.add'), attempt);
  for (const [netns, some] of groupBy(batch.filter(isNetlinkInstruction), netnsOf))
    attempt(some, () => {
      const session = sessions.open(netns);
      const context = { ...tools, session, attempt };
      withSecondaryPromotion(session, some, () => sendNetlinkBatch(context, some));
    });
  deleteAllLinks(tools, selectInstructions(batch, 'link.delete'), attempt);
  executeSysctls(
    tools,
    [...selectInstructions(batch, 'sysctl.set'), ...selectInstructions(batch, 'sysctl.restore')],
    attempt,
  );
  executeTables(tools, batch, attempt);
  executeFiles(batch, attempt);
  deleteAllNamespaces(tools, selectInstructions(batch, 'netns.delete'), attempt);
  return batch.flatMap((instruction) => failures.get(instruction) ?? []);
}

function toFailure(instruction: Instruction, error: unknown): Failure {
  const code = errorCode(error);
  if (code === null) throw error;
  return { instruction, code, message: errorSentence(error) ?? instructionErrorMessage(instruction, code) };
}

function deleteAllLinks(
  { sessions }: KernelContext,
  all: readonly InstructionVariant<'link.delete'>[],
  attempt: AttemptFunction,
): void {
  for (const [netns, some] of groupBy(all, netnsOf))
    attempt(some, () => {
      const byName = new Map(some.map((one) => [one.name, one]));
      deleteLinks(sessions.open(netns), [...byName.keys()], (name, refusal) => {
        const one = byName.get(name);
        if (one) attempt([one], () => throwNetlinkRefusal(refusal));
      });
    });
  if (all.length > 0) sessions.forgetLinks();
}

/** In the order given: some keys set others. */
function executeSysctls(
  { sessions }: KernelContext,
  all: readonly InstructionVariant<'sysctl.set' | 'sysctl.restore'>[],
  attempt: AttemptFunction,
): void {
  for (const [netns, some] of groupBy(all, netnsOf))
    attempt(some, () => {
      inNetns(sessions.open(netns).fd, () => {
        for (const one of some)
          attempt([one], () => {
            const write = (): void => writeSysctl(one.key, one.value);
            if (one.do === 'sysctl.set') write();
            else catchErrno(['ENOENT'], write);
          });
      });
    });
}

function executeTables(
  { sessions, nft }: KernelContext,
  batch: readonly Instruction[],
  attempt: AttemptFunction,
): void {
  for (const one of selectInstructions(batch, 'nft.replace'))
    attempt([one], () => nft.replace(sessions.open(one.netns), one.table, one.script));
  for (const one of selectInstructions(batch, 'nft.delete'))
    attempt([one], () => nft.remove(sessions.open(one.netns), one.family ?? 'inet', one.table));
  for (const one of selectInstructions(batch, 'flows.forget'))
    attempt([one], () => deleteConntrackEntries(sessions.open(one.netns), one.flows));
}

function executeFiles(batch: readonly Instruction[], attempt: AttemptFunction): void {
  for (const one of selectInstructions(batch, 'file.write'))
    attempt([one], () =>
      withParentFolders(one.path, () => (one.exclusive ? createFile : replaceFile)(one.path, Buffer.from(one.content))),
    );
  for (const one of selectInstructions(batch, 'file.block'))
    attempt([one], () => withParentFolders(one.path, () => writeBlockToFile(one.path, one.mark, one.lines)));
  const gone = [...selectInstructions(batch, 'file.unblock'), ...selectInstructions(batch, 'file.delete')];
  for (const one of gone)
    attempt([one], () => (one.do === 'file.unblock' ? removeBlockFromFile(one.path, one.mark) : unlinkFile(one.path)));
  if (gone.length > 0) attempt(gone, removeEmptyFolders);
}

function deleteAllNamespaces(
  { sessions, linkKinds }: KernelContext,
  all: readonly InstructionVariant<'netns.delete'>[],
  attempt: AttemptFunction,
): void {
  if (all.length === 0) return;
  const byName = groupBy(all, netnsOf);
  const doomed = new Map(all.map(({ netns, leftover = false }) => [netns, { leftover }]));
  deleteNamespaces({ sessions, linkKinds }, doomed, (netns, action) => attempt(byName.get(netns) ?? [], action));
}

type InstructionVariant<D extends Instruction['do']> = D extends D ? Extract<Instruction, { do: D }> : never;

const selectInstructions = <D extends Instruction['do']>(
  batch: readonly Instruction[],
  what: D,
): readonly InstructionVariant<D>[] =>
  batch.filter((instruction): instruction is InstructionVariant<D> => instruction.do === what);

const netnsOf = (instruction: { readonly netns: string }): string => instruction.netns;
