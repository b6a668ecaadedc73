import type { Instruction } from '../model/instruction.ts';
import { groupBy } from '../model/values/group-by.ts';

/** What a person would type to do the same as an instruction, one command per line. */
export type ShellRendition = (instruction: Instruction) => readonly string[];

/**
 * The rounds of a plan as lines for `sh`: in the order of execution, those of one round together by namespace, with a
 * comment line wherever the namespace changes. Ends with a newline; empty when there is nothing to do.
 */
export function shellScriptOf(rounds: readonly (readonly Instruction[])[], shell: ShellRendition): string {
  const lines: string[] = [];
  let place = '';
  for (const instruction of rounds.flatMap(groupBySection)) {
    if (scriptSection(instruction) !== place) {
      place = scriptSection(instruction);
      lines.push(...(lines.length > 0 ? ['', `# ${place}`] : [`# ${place}`]));
    }
    lines.push(...shell(instruction));
  }
  return lines.map((line) => `${line}\n`).join('');
}

const scriptSection = (instruction: Instruction): string => ('netns' in instruction ? instruction.netns : 'files');

const groupBySection = (round: readonly Instruction[]): readonly Instruction[] =>
  [...groupBy(round, scriptSection).values()].flat();
