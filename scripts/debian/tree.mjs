import { chmodSync, lutimesSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes files into a folder, by their paths in it: its `bytes` (or text), or a link `to` somewhere. All of it has one time (seconds) and
 * the permissions of a distribution's files, whatever the umask is.
 */
export function writeTree(folder, files, time) {
  for (const [path, { bytes, to, program = false }] of files) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    if (to !== undefined) {
      symlinkSync(to, full);
      lutimesSync(full, time, time);
      continue;
    }
    writeFileSync(full, bytes);
    chmodSync(full, program ? 0o755 : 0o644);
    utimesSync(full, time, time);
  }
  const folders = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const path of [folder, ...folders.map(({ parentPath, name }) => join(parentPath, name))]) {
    chmodSync(path, 0o755);
    utimesSync(path, time, time);
  }
}
