import type { InstructionExecutor } from '../kernel/execute/instruction-executor.ts';
import type { Instruction } from '../model/instruction.ts';

/** Everything about the instructions of one family: how they are carried out, what their errors mean, how a shell says them. */
export type InstructionFamily<I extends Instruction = Instruction> = InstructionExecutor<I> & {
  /** What a person would type to do the same, one command per line; it leaves what the executor leaves. */
  readonly shell: (instruction: I) => readonly string[];
};

/** A family as the registry knows it: the instructions that reach it are its own, by what stands before the dot of `do`. */
export const defineInstructionFamily = <I extends Instruction>(family: InstructionFamily<I>): InstructionFamily =>
  family as unknown as InstructionFamily;
