import type { Path } from '../diagnostics/source-location.ts';
import { sha256 } from '../values/hash.ts';

/** A long-running program of a lab, in one namespace. */
export type LabProcess = {
  /** `host` or a namespace. */
  readonly netns: string;
  /** Unique in its namespace. */
  readonly name: string;
  /** What is run: the first is the name of a program that is looked for in the system's folders, never a shell's line. */
  readonly command: readonly [string, ...(readonly string[])];
  /** Debian's package of the program; null: Debian has none. */
  readonly package: string | null;
  readonly environment: { readonly [name: string]: string };
  /** Paths of files and secrets of the lab that it reads: other bytes in one of them restart it, or have it reload. */
  readonly reads: readonly string[];
  /** Commands that must end well before the program starts; not run when the path `creates` exists. */
  readonly prepare: readonly { readonly creates: string | null; readonly command: readonly string[] }[];
  /** A folder for what it writes itself (sockets, a database), which goes with it; null: none of its own. */
  readonly folder: string | null;
  /** Folders that it sees elsewhere than others do, by the path at which it sees them: in mounts of its own. */
  readonly privateFolders: { readonly [path: string]: string };
  /** The links that it makes by itself, and that are deleted after it. Left out: none. */
  readonly links?: readonly string[];
  /** The link of the lab that it makes, and that ends with it. Left out: none. */
  readonly makes?: string;
  /** Why the lab needs it although the file does not say so: `because this kernel has no WireGuard`. */
  readonly reason?: string;
  readonly ready: ProcessReady;
  /** What `netform wait` waits for beyond that: what others have to do, too. Left out: nothing. */
  readonly settled?: ProcessReady;
  /** It gives routes to the kernel that the lab does not know. */
  readonly bringsRoutes?: true;
  /** The signal at which it reads changed files again; null: it is started again. */
  readonly reload: 'HUP' | 'USR1' | 'USR2' | null;
  /** The files that it reads again at that signal. Left out: all that it reads. */
  readonly rereads?: readonly string[];
  /** The command that checks its configuration before it is stopped, told to read again, or started. Left out: none. */
  readonly check?: readonly string[];
  /** Ids of resources that must exist before it and go after it; its namespace and what it reads are among them anyhow. */
  readonly after: readonly string[];
  /** Of a program of the user's: how it runs. Left out: as programs do that netform itself needs. */
  readonly terms?: ProcessTerms;
  /** Values of environment variables that are not to be shown; `terms.secrets` has their names and digests. */
  readonly secretEnvironment?: { readonly [name: string]: string };
  readonly at: Path;
};

/** How a program of the user's runs: in mounts of its own, with the files of its namespace and a `/tmp` for itself. */
export type ProcessTerms = {
  readonly workdir: string;
  /** By name or number; null: root. */
  readonly user: string | null;
  /** Names in lower case, without `cap_`: what root keeps of CAPABILITIES_DROPPED, and what another user is given. */
  readonly capabilities: readonly string[];
  /** The digests of values of its environment that are not shown, by name. */
  readonly secrets: { readonly [name: string]: string };
  /** `80/tcp`: the ports that it says that it takes. */
  readonly ports: readonly string[];
  readonly restart: ProcessRestart;
  /** How long it may take to be ready. */
  readonly readySeconds: number;
};

/** What becomes of a program that has ended by itself: nothing, or it is started again, after a failure only or always. */
export type ProcessRestart = 'never' | 'on-failure' | 'always';

/** Capabilities (capabilities(7)) that a program of the user's does not have unless it is written. */
export const CAPABILITIES_DROPPED = ['sys_module', 'sys_boot', 'sys_admin'] as const;

/** When a process counts as started: nothing but running, a socket that it listens on, or a file or link that it makes. */
export type ProcessReady =
  | { readonly by: 'running' }
  /** A socket of the file system that accepts a connection. */
  | { readonly by: 'socket'; readonly path: string }
  /** A socket of the file system that answers `ask` with a text that has `answer` in it: that says which configuration it has read. */
  | { readonly by: 'sign'; readonly path: string; readonly ask: string; readonly answer: string }
  /** An Open vSwitch whose own socket (`path`) accepts a connection, and that has made what the database at the other socket says. */
  | { readonly by: 'switch'; readonly path: string; readonly database: string }
  /** A link in its namespace. */
  | { readonly by: 'link'; readonly name: string }
  /** A port of its namespace on which it listens. */
  | { readonly by: 'port'; readonly protocol: 'tcp' | 'udp'; readonly port: number }
  /** A file, as the program itself sees the path. */
  | { readonly by: 'file'; readonly path: string }
  /** A command that ends with 0, run where the program runs. */
  | { readonly by: 'command'; readonly command: readonly string[] }
  /** A DNS server at an address of its namespace that gives these answers: they say which configuration it has read. */
  | { readonly by: 'answers'; readonly address: string; readonly answers: readonly DnsSign[] };

/** A name of a DNS server, and what it answers: a text, or the digits of an AAAA record. */
export type DnsSign = { readonly name: string; readonly type: 'TXT' | 'AAAA'; readonly answer: string };

/** Everything that it takes to start a process, and to know it again. */
export type ProcessDescription = Pick<
  LabProcess,
  | 'netns'
  | 'name'
  | 'environment'
  | 'prepare'
  | 'folder'
  | 'privateFolders'
  | 'ready'
  | 'settled'
  | 'reload'
  | 'rereads'
  | 'check'
> & {
  readonly command: readonly string[];
  /** The digests of the files that it reads, by path. */
  readonly files: { readonly [path: string]: string };
  readonly links: readonly string[];
  readonly terms?: ProcessTerms;
  /** Always `running`; what is found may be something else. */
  readonly place: string;
};

/** A file that programs of a lab read. Its bytes lie in the store; state, plan and journal know the digest. */
export type LabStoredFile = {
  readonly netns: string;
  /** Absolute, in the lab's folder. */
  readonly path: string;
  readonly content: string;
  /** In octal digits; left out: 600. */
  readonly mode?: string;
  /** Its bytes were made here, and others would do as well: a key. Left out: they say what the file says. */
  readonly isMade?: true;
  readonly at: Path;
};

/** Registers: programs, the files that they read, and keys. Features add to them, kinds make resources of them. */
export type LabPrograms = {
  readonly processes: readonly LabProcess[];
  readonly storedFiles: readonly LabStoredFile[];
  readonly secrets: readonly LabStoredFile[];
};

/** `secretOf`: the bytes (one character for each) that a secret of that path has already; null: it is not there yet. */
export type LinkProgramsContext = {
  readonly lab: string;
  readonly secretOf: (netns: string, path: string) => string | null;
};

/** The folder of a lab's files in one namespace, which are gone after a reboot. */
export const labRunFolder = (lab: string, netns: string): string => `${RUN_FOLDER}/${lab}/${shortSegment(netns)}`;

/** The certificate of the CA of a lab, as PEM. */
export const caCertificatePath = (lab: string): string => `${labRunFolder(lab, 'host')}/ca.pem`;

/** The folder of the files that programs of a namespace see elsewhere: below it their paths begin again. */
export const seenFilesFolder = (lab: string, netns: string): string => `${labRunFolder(lab, netns)}/${SEEN}`;

/** Where a file is seen that lies in such a folder; null: it lies in another. */
export const seenPath = (path: string): string | null =>
  new RegExp(`^${RUN_FOLDER}/[^/]+/[^/]+/${SEEN}(/.+)$`).exec(path)?.[1] ?? null;

const SEEN = 'files';

/** The folder in which netform remembers a process, and its output is. */
export const processFolder = (lab: string, netns: string, name: string): string =>
  `${RUN_FOLDER}/${lab}/.processes/${netns}.${name}`;

/** The path of a socket has room for 107 bytes. */
const MAX_SEGMENT = 24;

const shortSegment = (name: string): string =>
  name.length <= MAX_SEGMENT ? name : `${name.slice(0, MAX_SEGMENT - 7)}-${sha256(name).slice(0, 6)}`;

/** Below it is all that runs of labs: gone after a reboot. */
export const RUN_FOLDER = '/run/netform/labs';
