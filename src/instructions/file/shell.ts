import { dirname } from 'node:path';
import { insertManagedBlock } from '../../model/files/managed-block.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { hereDocument } from '../shell-commands.ts';
import type { FileInstruction } from './types.ts';

type FileVariant<Verb extends FileInstruction['do']> = Extract<FileInstruction, { do: Verb }>;

/** What a shell does to write and remove whole files and blocks. */
export function fileShell(instruction: FileInstruction): readonly string[] {
  switch (instruction.do) {
    case 'file.write':
      return writeFileLines(instruction);
    case 'file.put':
      return putFileLines(instruction);
    case 'file.delete':
      return deleteFileLines(instruction.path, instruction.andFolder);
    case 'file.block':
      return writeBlockLines(instruction);
    case 'file.unblock':
      return deleteBlockLines(instruction);
  }
}

/** The folders on the way and the file. `set -C` makes the shell refuse to write over one that exists. */
function writeFileLines({ path, content, exclusive }: FileVariant<'file.write'>): readonly string[] {
  const target = shellWord(path);
  const folder = `install -d -m 755 ${shellWord(dirname(path))}`;
  if (content !== '' && !content.endsWith('\n')) {
    const print = `printf '%s' ${shellWord(content)} > ${target}`;
    return [folder, exclusive ? `(set -C; ${print})` : print];
  }
  const lines = content === '' ? [`: > ${target}`] : hereDocument(`cat > ${target}`, content);
  return exclusive ? [folder, 'set -C', ...lines, 'set +C'] : [folder, ...lines];
}

/** The bytes of a key are never printed: who types this has them in a file. */
function putFileLines({ path, mode, owner, isSecret, bytes }: FileVariant<'file.put'>): readonly string[] {
  const [uid = '0', gid = '0'] = owner.split(':');
  const install = `install -D -m ${mode} -o ${uid} -g ${gid}`;
  if (isSecret)
    return [`${install} "$KEY_FILE" ${shellWord(path)} # KEY_FILE: a file with the bytes, which are not shown`];
  const content = Buffer.from(bytes() ?? '', 'latin1').toString('utf8');
  return hereDocument(`${install} /dev/stdin ${shellWord(path)}`, content);
}

/** The folder goes too when nothing else is in it. */
const deleteFileLines = (path: string, andFolder: boolean): readonly string[] => [
  `rm -f ${shellWord(path)}`,
  ...(andFolder ? [`rmdir --ignore-fail-on-non-empty ${shellWord(dirname(path))}`] : []),
];

/** The block at the end of the file, instead of the one of that mark if there is one. */
const writeBlockLines = ({ path, mark, lines }: FileVariant<'file.block'>): readonly string[] => [
  `install -d -m 755 ${shellWord(dirname(path))}`,
  `test ! -e ${shellWord(path)} || ${cutBlockCommand(path, mark)}`,
  `test -z "$(tail -c 1 ${shellWord(path)} 2>/dev/null)" || echo >> ${shellWord(path)}`,
  ...hereDocument(`cat >> ${shellWord(path)}`, insertManagedBlock(null, mark, lines)),
];

/** The file goes too when nothing is left in it, and then the folder. */
const deleteBlockLines = ({ path, mark, andFolder }: FileVariant<'file.unblock'>): readonly string[] => [
  `test ! -e ${shellWord(path)} || ${cutBlockCommand(path, mark)}`,
  `test -s ${shellWord(path)} || ${deleteFileLines(path, andFolder).join(' && ')}`,
];

const cutBlockCommand = (path: string, mark: string): string => {
  const pattern = mark.replaceAll('.', '\\.');
  return `sed -i ${shellWord(`/^# BEGIN ${pattern} /,/^# END ${pattern}$/d`)} ${shellWord(path)}`;
};
