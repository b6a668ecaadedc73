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

/** Keys and configurations first: programs of the same round read them. */
const groupBySection = (round: readonly Instruction[]): readonly Instruction[] => {
  const isRead = (one: Instruction): boolean => one.do === 'file.put';
  const ordered = [...round.filter(isRead), ...round.filter((one) => !isRead(one))];
  return [...groupBy(ordered, (one) => `${isRead(one)} ${scriptSection(one)}`).values()].flat();
};
