import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { catchErrno } from '../errno.ts';

/** Where CNI plugins are looked for when nothing else is said: first what was installed by hand, then Debian's. */
export const DEFAULT_PLUGIN_FOLDERS = ['/opt/cni/bin', '/usr/lib/cni'];

/** Root's own choice: a folder in each line. */
const CONFIGURED_FOLDERS = '/etc/netform/cni-path';

/** The folders in the order in which they are searched: those of CNI_PATH, of /etc/netform/cni-path, or the usual ones. */
export function pluginFolders(): readonly string[] {
  const environment = splitFolders(process.env['CNI_PATH'] ?? '', ':');
  return environment.length > 0 ? environment : (configuredFolders() ?? DEFAULT_PLUGIN_FOLDERS);
}

function configuredFolders(): readonly string[] | null {
  if (!existsSync(CONFIGURED_FOLDERS)) return null;
  const text = catchErrno(['ENOENT', 'EACCES'], () => readFileSync(CONFIGURED_FOLDERS, 'utf8')) ?? '';
  const folders = splitFolders(text.replace(/^\s*#.*$/gm, ''), /[\n:]/);
  return folders.length > 0 ? folders : null;
}

/** The absolute paths of a list, each once. */
export const splitFolders = (text: string, separator: string | RegExp): readonly string[] => [
  ...new Set(
    text
      .split(separator)
      .map((folder) => folder.trim().replace(/(?<=.)\/+$/, ''))
      .filter(isAbsolute),
  ),
];
