import type { FileLookup } from '../formats/file-importer.ts';
import { type JsonMap, omitEmpty } from '../result.ts';

/** What of a machine a container sees: the path there, and the one inside. */
export type BindMount = { readonly source: string; readonly target: string };

/** Files of binds under `files`, and the binds that cannot be there. */
export type BoundFiles = { readonly files: JsonMap; readonly rest: readonly BindMount[] };

/** The folders that every machine has, and in which a file can be seen. */
const PLACE = /^\/(?:etc|srv|opt|usr|var\/(?!run\/)|root|home)\//;
const PLAIN_MODE = '644';

/** An entry about mounts as it is written; `mount` is null where a volume or something else is mounted. */
export type WrittenBind = { readonly text: string; readonly mount: BindMount | null };

/** `source:target`, with options behind. */
export function writtenBind(text: string): WrittenBind {
  const [source = '', target = ''] = text.split(':');
  return { text, mount: source !== '' && target.startsWith('/') ? { source, target } : null };
}

/** Takes the binds of files, which are there, as `files`. Folders, sockets and what is missing stay; what has one path inside and outside is seen anyhow. */
export function boundFiles(binds: readonly BindMount[], fileAt: FileLookup): BoundFiles {
  const files: { [path: string]: JsonMap } = {};
  const rest: BindMount[] = [];
  for (const bind of binds) {
    const { source, target } = bind;
    const isPlain =
      PLACE.test(target) &&
      target
        .split('/')
        .slice(1)
        .every((part) => !/^(?:|\.|\.\.)$/.test(part));
    const file = isPlain ? fileAt(source) : null;
    if (source === target) continue;
    if (file === null) rest.push(bind);
    else files[target] = omitEmpty({ from: file.from, mode: file.mode === PLAIN_MODE ? null : `0${file.mode}` });
  }
  return { files, rest };
}
