import { invariant } from '../../model/error.ts';
import type { Instruction } from '../../model/instruction.ts';
import { groupBy } from '../../model/values/group-by.ts';
import type { AttemptFunction } from '../kernel-context.ts';
import type { NetlinkMessage } from '../netlink/message.ts';
import { exchangeMessages, throwNetlinkRefusal } from '../netlink/socket.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import {
  executorOf,
  type InstructionExecutors,
  type KernelExecutionContext,
  type NetlinkEncoder,
} from './instruction-executor.ts';

/** An instruction that has a namespace. */
type NetlinkInstruction = Extract<Instruction, { readonly netns: string }>;

/** Whether an instruction is sent as netlink messages. */
export function isNetlinkInstruction(
  executors: InstructionExecutors,
  instruction: Instruction,
): instruction is NetlinkInstruction {
  const { netlink } = executorOf(executors, instruction);
  return netlink !== undefined && netlink.accepts?.(instruction) !== false;
}

/** Sends instructions, those of one namespace together. One that cannot be encoded, or is refused, fails by itself. */
export function sendNetlinkBatches(
  instructions: readonly NetlinkInstruction[],
  context: KernelExecutionContext,
  attempt: AttemptFunction,
): void {
  for (const [netns, some] of groupBy(instructions, (one) => one.netns))
    attempt(some, () => {
      const session = context.sessions.open(netns);
      const send = [...context.executors.values()].reduce(
        (send: () => void, { name, netlink }) => {
          const around = netlink?.around;
          const own = around ? some.filter((one) => one.do.startsWith(`${name}.`)) : [];
          return around && own.length > 0 ? () => around(session, own, send) : send;
        },
        () => sendBatch({ ...context, session, attempt }, some),
      );
      send();
    });
}

type BatchContext = KernelExecutionContext & { readonly session: NetnsSession; readonly attempt: AttemptFunction };

type EncodedInstruction = {
  readonly instruction: NetlinkInstruction;
  readonly socket: number;
  readonly messages: readonly NetlinkMessage[];
};

function sendBatch(context: BatchContext, instructions: readonly NetlinkInstruction[]): void {
  const { sessions, attempt } = context;
  const encode = makeEncoder(context);
  const encoded: EncodedInstruction[] = [];
  for (const instruction of sortByRank(context.executors, instructions))
    attempt([instruction], () => {
      encoded.push(encode(instruction));
    });
  for (const some of groupBy(encoded, ({ socket }) => socket).values()) sendEncoded(some, attempt);
  const addsLinks = (one: Instruction): boolean => encoderOf(context.executors, one).addsLinks?.(one) === true;
  if (instructions.some(addsLinks)) sessions.forgetLinks();
}

/** Gives the messages of each instruction, in the form that hits exactly what is meant. */
function makeEncoder({
  executors,
  sessions,
  session,
}: BatchContext): (instruction: NetlinkInstruction) => EncodedInstruction {
  const exactBy = new Map<NetlinkEncoder, (instruction: Instruction) => Instruction>();
  return (instruction) => {
    const encoder = encoderOf(executors, instruction);
    const exact = exactBy.get(encoder) ?? encoder.exact?.(session) ?? ((one: Instruction) => one);
    exactBy.set(encoder, exact);
    const sentIn = encoder.sentIn?.(instruction) ?? instruction.netns;
    const { socket } = sentIn === instruction.netns ? session : sessions.open(sentIn);
    return { instruction, socket, messages: encoder.encode(exact(instruction), { session, sessions }) };
  };
}

/** Instructions for one socket. */
function sendEncoded(all: readonly EncodedInstruction[], attempt: AttemptFunction): void {
  const refusals = exchangeMessages(
    all[0]?.socket ?? -1,
    all.flatMap(({ messages }) => messages),
  );
  let at = 0;
  for (const { instruction, messages } of all) {
    const refusal = refusals.slice(at, at + messages.length).find((one) => one !== null);
    at += messages.length;
    if (refusal) attempt([instruction], () => throwNetlinkRefusal(refusal));
  }
}

function sortByRank(
  executors: InstructionExecutors,
  instructions: readonly NetlinkInstruction[],
): readonly NetlinkInstruction[] {
  const ranked = instructions.map((instruction) => ({
    instruction,
    rank: encoderOf(executors, instruction).rank?.(instruction) ?? 0,
  }));
  return ranked.sort((a, b) => b.rank - a.rank).map(({ instruction }) => instruction);
}

function encoderOf(executors: InstructionExecutors, instruction: Instruction): NetlinkEncoder {
  const { netlink } = executorOf(executors, instruction);
  invariant(netlink, `${instruction.do} has no netlink message`);
  return netlink;
}
