import type { LabProcess, LabStoredFile } from '../model/kernel/lab-process.ts';

/** Where one run of a program stands: the parts of a process that are not the program's own. */
export type ProgramPlace = Pick<LabProcess, 'netns' | 'name' | 'after' | 'at'> & {
  /** The folder of its configuration. What it writes itself is below, in `runFolderOf`. */
  readonly folder: string;
};

/** The folder for what a program writes itself: sockets, a database. It goes with the process. */
export const runFolderOf = ({ folder }: Pick<ProgramPlace, 'folder'>): string => `${folder}/run`;

/** What is to be known of a program that netform runs, as a value. `O`: what a lab says of one run of it. */
export type Program<O> = {
  /** The program, as it is found in the system's folders. */
  readonly name: string;
  /** Debian's packages that have it and what it needs, the program's own first. Empty: Debian has none. */
  readonly packages: readonly string[];
  /** Its configuration: files by name, in the folder of the place. Left out: it has none. */
  readonly render?: (options: O, place: ProgramPlace) => { readonly [name: string]: string };
  /** The words after its name. */
  readonly command: (options: O, place: ProgramPlace) => readonly string[];
  readonly environment?: (options: O, place: ProgramPlace) => LabProcess['environment'];
  /** What it needs to be made before its first start. */
  readonly prepare?: (options: O, place: ProgramPlace) => LabProcess['prepare'];
  readonly privateFolders?: (options: O, place: ProgramPlace) => LabProcess['privateFolders'];
  /** The command with which it checks its configuration: before each start, and before it is stopped or told to read again. */
  readonly check?: (options: O, place: ProgramPlace) => readonly string[];
  /** The link of the lab that it makes, and that ends with it. */
  readonly makes?: (options: O) => string;
  /** The links that it makes by itself, and that must go with it. */
  readonly links?: readonly string[];
  readonly reload: LabProcess['reload'];
  /** The names of the files that it reads again at that signal. Left out: all of them. */
  readonly rereads?: readonly string[];
  readonly ready: (options: O, place: ProgramPlace) => LabProcess['ready'];
  /** What is waited for beyond that, after it was started. Null: nothing. */
  readonly settled?: (options: O, place: ProgramPlace) => LabProcess['ready'] | null;
  /** It brings routes. */
  readonly bringsRoutes?: true;
};

/** What a program's run adds to a lab. */
export type ProgramRun = { readonly process: LabProcess; readonly storedFiles: readonly LabStoredFile[] };

/** A program: gives the process and the files of one run. `secrets`: the paths of keys that it reads. */
export function defineProgram<O>(program: Program<O>) {
  return (options: O, place: ProgramPlace, secrets: readonly string[] = []): ProgramRun => {
    const { netns, name, after, at, folder } = place;
    const storedFiles = Object.entries(program.render?.(options, place) ?? {}).map(
      ([file, text]): LabStoredFile => ({ netns, path: `${folder}/${file}`, content: toLatin1(text), at }),
    );
    const check = program.check?.(options, place);
    const settled = program.settled?.(options, place) ?? null;
    const process: LabProcess = {
      ...{ netns, name, after, at, package: program.packages[0] ?? null },
      command: [program.name, ...program.command(options, place)],
      environment: program.environment?.(options, place) ?? {},
      reads: [...storedFiles.map(({ path }) => path), ...secrets],
      prepare: program.prepare?.(options, place) ?? [],
      ...(check === undefined ? {} : { check }),
      ...(program.rereads ? { rereads: program.rereads.map((file) => `${folder}/${file}`) } : {}),
      folder: runFolderOf(place),
      privateFolders: program.privateFolders?.(options, place) ?? {},
      ...(program.makes ? { makes: program.makes(options) } : {}),
      ...(program.links ? { links: program.links } : {}),
      ready: program.ready(options, place),
      ...(settled ? { settled } : {}),
      ...(program.bringsRoutes ? { bringsRoutes: true } : {}),
      reload: program.reload,
    };
    return { process, storedFiles };
  };
}

/** One character for each byte of UTF-8. */
const toLatin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
