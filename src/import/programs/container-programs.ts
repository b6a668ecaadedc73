import type { Json } from '../../model/json.ts';
import type { FileLookup } from '../formats/file-importer.ts';
import type { JsonMap } from '../result.ts';
import { boundFiles, type WrittenBind } from './bound-files.ts';
import type { ImportedProgram } from './imported-program.ts';
import { mainPrograms } from './main-program.ts';

/** What a container runs by itself, and the files that are bound into it. */
export type ContainerPrograms = {
  readonly programs: readonly ImportedProgram[];
  readonly files: JsonMap;
  /** The keys that are taken over. */
  readonly known: readonly string[];
  /** What is left out of these. */
  readonly leftOut: readonly string[];
};

export const NO_PROGRAMS: ContainerPrograms = { programs: [], files: {}, known: [], leftOut: [] };

/** What a format says of a container, and the keys that it says it with. */
export type ContainerWords = {
  readonly entrypoint: Json | undefined;
  readonly command: Json | undefined;
  readonly binds: readonly WrittenBind[];
  readonly keys: { readonly command: string; readonly binds: string };
};

/** The entry point, the command and the binds of a container as programs and files. */
export function containerPrograms(words: ContainerWords, fileAt: FileLookup): ContainerPrograms {
  const { entrypoint, command, binds, keys } = words;
  const { files, rest } = boundFiles(
    binds.flatMap(({ mount }) => mount ?? []),
    fileAt,
  );
  const lost = binds.flatMap(({ text, mount }) => (mount === null || rest.includes(mount) ? [text] : []));
  const isPartly = lost.length < binds.length;
  const programs = mainPrograms(entrypoint, command, Object.keys(files));
  return {
    programs: programs ?? [],
    files,
    known: [...(programs === null ? [] : ['entrypoint', keys.command]), ...(isPartly ? [keys.binds] : [])],
    leftOut: isPartly && lost.length > 0 ? [`${keys.binds} ${lost.join(', ')}`] : [],
  };
}

/** For the top of the file where a namespace runs programs. */
export const runNote = (namespaces: Iterable<JsonMap>): readonly string[] =>
  [...namespaces].some((one) => 'run' in one)
    ? ['Programs under run are those of this machine, not of the images, and they see its files.']
    : [];
