import { invariant } from '../../model/error.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { AttemptFunction, KernelContext } from '../kernel-context.ts';
import type { NetlinkMessage } from '../netlink/message.ts';
import type { NetnsSession, NetnsSessions } from '../netns/sessions.ts';

/** Our sentence by errno, for what the kernel refuses without one. */
export type ErrnoSentences = { readonly [errno: string]: string };

/** Where an instruction becomes messages: its namespace, and the others that it may need. */
export type EncodingContext = { readonly session: NetnsSession; readonly sessions: NetnsSessions };

/** How a family becomes netlink messages. Those of all families for one namespace are sent together. */
export type NetlinkEncoder<I extends Instruction = Instruction> = {
  /** Whether an instruction is sent so; left out: all of the family are. */
  readonly accepts?: (instruction: I) => boolean;
  /** The messages of an instruction. Throws ENODEV or ENOENT when it names what does not exist. */
  readonly encode: (instruction: I, context: EncodingContext) => readonly NetlinkMessage[];
  /** The namespace whose socket an instruction is sent to; left out: its own. */
  readonly sentIn?: (instruction: I) => string;
  /** Gives each instruction of one batch in the form that hits exactly what is meant. Throws when that does not exist. */
  readonly exact?: (session: NetnsSession) => (instruction: I) => I;
  /** Instructions of a higher rank are sent first; left out: 0. */
  readonly rank?: (instruction: I) => number;
  /** Sends the batch with the namespace prepared for these instructions, and puts it back as it was. */
  readonly around?: (session: NetnsSession, instructions: readonly I[], send: () => void) => void;
  /** Whether the link indexes known so far are out of date after an instruction. */
  readonly addsLinks?: (instruction: I) => boolean;
};

/** Carries out instructions of one family; each that the machine refuses goes through `attempt`. */
export type BatchExecutor<I extends Instruction = Instruction> = (
  instructions: readonly I[],
  context: KernelContext,
  attempt: AttemptFunction,
) => void;

/** How the instructions of one family are carried out, and what their errors mean. */
export type InstructionExecutor<I extends Instruction = Instruction> = {
  /** What stands before the dot of `do`. */
  readonly name: string;
  /** What is done before all netlink messages. */
  readonly before?: BatchExecutor<I>;
  readonly netlink?: NetlinkEncoder<I>;
  /** What is done after all netlink messages, in the order of the families. */
  readonly after?: BatchExecutor<I>;
  readonly errors: (instruction: I) => ErrnoSentences;
};

/** The executors of all families by name, in the order in which they are asked. */
export type InstructionExecutors = ReadonlyMap<string, InstructionExecutor>;

/** The context in which a batch is executed. */
export type KernelExecutionContext = KernelContext & { readonly executors: InstructionExecutors };

/** The executor of an instruction's family. */
export function executorOf(executors: InstructionExecutors, instruction: Instruction): InstructionExecutor {
  const executor = executors.get(instruction.do.slice(0, instruction.do.indexOf('.')));
  invariant(executor, `${instruction.do} has no executor`);
  return executor;
}
