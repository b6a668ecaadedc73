import { dirname } from 'node:path';
import { insertBlock } from '../../model/blocks.ts';
import { heredoc, word } from './words.ts';

type WriteFile = { readonly path: string; readonly content: string; readonly exclusive: boolean };
type WriteBlock = { readonly path: string; readonly mark: string; readonly lines: readonly string[] };
type DeleteBlock = { readonly path: string; readonly mark: string; readonly andFolder: boolean };

/** The folders on the way and the file. `set -C` makes the shell refuse to write over one that exists. */
export function writeFile({ path, content, exclusive }: WriteFile): readonly string[] {
  const target = word(path);
  const folder = `install -d -m 755 ${word(dirname(path))}`;
  if (content !== '' && !content.endsWith('\n')) {
    const print = `printf '%s' ${word(content)} > ${target}`;
    return [folder, exclusive ? `(set -C; ${print})` : print];
  }
  const lines = content === '' ? [`: > ${target}`] : heredoc(`cat > ${target}`, content);
  return exclusive ? [folder, 'set -C', ...lines, 'set +C'] : [folder, ...lines];
}

/** The folder goes too when nothing else is in it. */
export const deleteFile = (path: string, andFolder: boolean): readonly string[] => [
  `rm -f ${word(path)}`,
  ...(andFolder ? [`rmdir --ignore-fail-on-non-empty ${word(dirname(path))}`] : []),
];

/** The block at the end of the file, instead of the one of that mark if there is one. */
export const writeBlock = ({ path, mark, lines }: WriteBlock): readonly string[] => [
  `install -d -m 755 ${word(dirname(path))}`,
  `test ! -e ${word(path)} || ${cut(path, mark)}`,
  `test -z "$(tail -c 1 ${word(path)} 2>/dev/null)" || echo >> ${word(path)}`,
  ...heredoc(`cat >> ${word(path)}`, insertBlock(null, mark, lines)),
];

/** The file goes too when nothing is left in it, and then the folder. */
export const deleteBlock = ({ path, mark, andFolder }: DeleteBlock): readonly string[] => [
  `test ! -e ${word(path)} || ${cut(path, mark)}`,
  `test -s ${word(path)} || ${deleteFile(path, andFolder).join(' && ')}`,
];

const cut = (path: string, mark: string): string => {
  const pattern = mark.replaceAll('.', '\\.');
  return `sed -i ${word(`/^# BEGIN ${pattern} /,/^# END ${pattern}$/d`)} ${word(path)}`;
};
