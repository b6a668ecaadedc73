import type { Instruction } from '../model/instruction.ts';
import type { Failure } from '../model/machine.ts';
import { putBlock, takeBlock } from './blocks.ts';
import { deleteLinks } from './bulk.ts';
import { codeOf, sentenceIn, unless } from './errno.ts';
import { createFile, deleteFile, replaceFile } from './files.ts';
import { forgetFlows } from './flows.ts';
import { inFolder, sweepFolders } from './folders.ts';
import { groupBy } from './group.ts';
import { isMessage } from './messages.ts';
import { addNamespaces, deleteNamespaces } from './namespaces.ts';
import { throwRefusal } from './netlink/socket.ts';
import { inNetns } from './netns.ts';
import { keepingSecondaries } from './secondaries.ts';
import { sendMessages } from './send.ts';
import { sentenceFor } from './sentences.ts';
import { writeSysctl } from './sysctl.ts';
import type { Attempt, Tools } from './tools.ts';

/** Does a batch, all of it, and gives the failures in its order. An error that is not the machine's goes on. */
export function execute(tools: Tools, batch: readonly Instruction[]): readonly Failure[] {
  const failures = new Map<Instruction, Failure>();
  const attempt: Attempt = (instructions, action) => {
    try {
      action();
    } catch (error) {
      for (const instruction of instructions) failures.set(instruction, failureOf(instruction, error));
    }
  };
  const { sessions } = tools;
  addNamespaces(sessions, those(batch, 'netns.add'), attempt);
  for (const [netns, some] of groupBy(batch.filter(isMessage), netnsOf))
    attempt(some, () => {
      const session = sessions.open(netns);
      keepingSecondaries(session, some, () => sendMessages({ sessions, session, attempt }, some));
    });
  deleteAllLinks(tools, those(batch, 'link.delete'), attempt);
  writeSysctls(tools, [...those(batch, 'sysctl.set'), ...those(batch, 'sysctl.restore')], attempt);
  changeTables(tools, batch, attempt);
  changeFiles(batch, attempt);
  deleteAllNamespaces(tools, those(batch, 'netns.delete'), attempt);
  return batch.flatMap((instruction) => failures.get(instruction) ?? []);
}

function failureOf(instruction: Instruction, error: unknown): Failure {
  const code = codeOf(error);
  if (code === null) throw error;
  return { instruction, code, message: sentenceIn(error) ?? sentenceFor(instruction, code) };
}

function deleteAllLinks({ sessions }: Tools, all: readonly Only<'link.delete'>[], attempt: Attempt): void {
  for (const [netns, some] of groupBy(all, netnsOf))
    attempt(some, () => {
      const byName = new Map(some.map((one) => [one.name, one]));
      deleteLinks(sessions.open(netns), [...byName.keys()], (name, refusal) => {
        const one = byName.get(name);
        if (one) attempt([one], () => throwRefusal(refusal));
      });
    });
  if (all.length > 0) sessions.forgetLinks();
}

/** In the order given: some keys set others. */
function writeSysctls(
  { sessions }: Tools,
  all: readonly Only<'sysctl.set' | 'sysctl.restore'>[],
  attempt: Attempt,
): void {
  for (const [netns, some] of groupBy(all, netnsOf))
    attempt(some, () => {
      inNetns(sessions.open(netns).fd, () => {
        for (const one of some)
          attempt([one], () => {
            const write = (): void => writeSysctl(one.key, one.value);
            if (one.do === 'sysctl.set') write();
            else unless(['ENOENT'], write);
          });
      });
    });
}

function changeTables({ sessions, nft }: Tools, batch: readonly Instruction[], attempt: Attempt): void {
  for (const one of those(batch, 'nft.replace'))
    attempt([one], () => nft.replace(sessions.open(one.netns), one.table, one.script));
  for (const one of those(batch, 'nft.delete'))
    attempt([one], () => nft.remove(sessions.open(one.netns), one.family ?? 'inet', one.table));
  for (const one of those(batch, 'flows.forget'))
    attempt([one], () => forgetFlows(sessions.open(one.netns), one.flows));
}

function changeFiles(batch: readonly Instruction[], attempt: Attempt): void {
  for (const one of those(batch, 'file.write'))
    attempt([one], () =>
      inFolder(one.path, () => (one.exclusive ? createFile : replaceFile)(one.path, Buffer.from(one.content))),
    );
  for (const one of those(batch, 'file.block'))
    attempt([one], () => inFolder(one.path, () => putBlock(one.path, one.mark, one.lines)));
  const gone = [...those(batch, 'file.unblock'), ...those(batch, 'file.delete')];
  for (const one of gone)
    attempt([one], () => (one.do === 'file.unblock' ? takeBlock(one.path, one.mark) : deleteFile(one.path)));
  if (gone.length > 0) attempt(gone, sweepFolders);
}

function deleteAllNamespaces({ sessions }: Tools, all: readonly Only<'netns.delete'>[], attempt: Attempt): void {
  if (all.length === 0) return;
  const byName = groupBy(all, netnsOf);
  const doomed = new Map(all.map(({ netns, leftover = false }) => [netns, { leftover }]));
  deleteNamespaces(sessions, doomed, (netns, action) => attempt(byName.get(netns) ?? [], action));
}

type Only<D extends Instruction['do']> = D extends D ? Extract<Instruction, { do: D }> : never;

const those = <D extends Instruction['do']>(batch: readonly Instruction[], what: D): readonly Only<D>[] =>
  batch.filter((instruction): instruction is Only<D> => instruction.do === what);

const netnsOf = (instruction: { readonly netns: string }): string => instruction.netns;
