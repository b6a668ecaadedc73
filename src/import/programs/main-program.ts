import type { Json } from '../../model/json.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { readCommands } from '../commands/index.ts';
import { listValue, textValue, textValues } from '../yaml-values.ts';
import type { ImportedProgram } from './imported-program.ts';

/**
 * What a container runs by its entry point and its command, each a text or the words: the programs, none where it only waits; null
 * where neither is written, or where something of it cannot be taken over.
 */
export function mainPrograms(
  entrypoint: Json | undefined,
  command: Json | undefined,
  files: readonly string[],
): readonly ImportedProgram[] | null {
  const line = [entrypoint, command].flatMap(commandLine).join(' ');
  if (line === '') return null;
  const { programs, ...rest } = readCommands([line], { nameOf: (link) => link, files });
  return Object.values(rest).every(isNothing) ? programs : null;
}

const isNothing = (value: object | boolean): boolean =>
  value instanceof Map ? value.size === 0 : value === false || Object.keys(value).length === 0;

const commandLine = (written: Json | undefined): readonly string[] => {
  if (Array.isArray(written)) return [textValues(listValue(written)).map(shellWord).join(' ')];
  const text = textValue(written);
  return text === null ? [] : [text];
};
