import { closeSync, openSync } from 'node:fs';
import { invariant } from '../model/error.ts';
import type { Chain } from '../model/firewall.ts';
import type { TableLive } from '../model/live.ts';
import { forwardChains } from './chains.ts';
import { sysError } from './errno.ts';
import { type Libnftables, loadLibnftables } from './libnftables.ts';
import { imageOf } from './netlink/tables.ts';
import { inNetns, inScratch } from './netns.ts';
import type { Session } from './sessions.ts';

/** nftables of many namespaces, in this process. Contexts stay open with their sessions: freeing one after a removal waits 14 ms. */
export type Nft = {
  /** Null when libnftables is there; otherwise what to install. */
  readonly missing: () => string | null;
  /** Puts a table (`inet`) in the place of the one of that name, if any, in one transaction. Throws with the library's sentence. */
  readonly replace: (session: Session, table: string, script: string) => void;
  /** Removes a table. Throws ENOENT when there is none. */
  readonly remove: (session: Session, family: string, table: string) => void;
  /** A table as it is, and compared with what each script would make of it. */
  readonly compare: (session: Session, table: string, scripts: readonly string[]) => TableLive;
  /** Everything that there is, as nft prints it; empty when there is no library. */
  readonly ruleset: (session: Session) => string;
  /** The chains that filter forwarded packets, with all chains of their tables; none when there is no library. */
  readonly chains: (session: Session) => readonly Chain[];
  /** Lets go of the scratch namespace. */
  readonly close: () => void;
};

type Run = (commands: string) => { readonly output: string; readonly error: string | null };
type Context = { readonly fd: number; readonly run: Run; readonly free: () => void };
/** `image`: what the kernel makes of the script. `listing`: how that is printed, when somebody asks; null: refused. */
type Trial = {
  readonly image: string | null;
  readonly refused: string | null;
  readonly listing: () => string | null;
};

/** Each has a socket whose number must be below 1024. */
const MAX_CONTEXTS = 500;
const MISSING = 'libnftables is not installed: install the package libnftables1 (it comes with nftables)';
const NO_SUCH_TABLE = /No such file or directory/;

export function makeNft(): Nft {
  const contexts = new Map<Session, Context>();
  const trials = new Map<string, Trial>();
  let library: Libnftables | null | undefined;
  let scratch: Context | null = null;

  const load = (): Libnftables | null => {
    if (library === undefined) library = loadLibnftables();
    return library;
  };
  const needed = (): Libnftables => {
    const loaded = load();
    if (!loaded) throw sysError('NFT', MISSING);
    return loaded;
  };
  const free = (session: Session): void => {
    contexts.get(session)?.free();
    contexts.delete(session);
  };
  const runIn = (session: Session): Run => {
    const known = contexts.get(session);
    if (known) return known.run;
    if (contexts.size >= MAX_CONTEXTS) [...contexts.keys()].forEach(free);
    const context = openContext(needed(), session.fd);
    contexts.set(session, context);
    session.onClose(() => free(session));
    return context.run;
  };
  const loaded = (table: string, script: string): Context & { readonly error: string | null } => {
    scratch ??= openScratch(needed());
    return { ...scratch, error: scratch.run(replacement(table, script)).error };
  };
  const tryScript = (table: string, script: string): Trial => {
    const known = trials.get(script);
    if (known) return known;
    const { fd, error } = loaded(table, script);
    let listing: string | null | undefined;
    const trial: Trial =
      error === null
        ? {
            image: imageOf(fd, table),
            refused: null,
            listing: () => (listing ??= list(loaded(table, script).run, table)),
          }
        : { image: null, refused: firstSentence(error), listing: () => null };
    trials.set(script, trial);
    return trial;
  };

  return {
    missing: () => (load() ? null : MISSING),
    replace: (session, table, script) => {
      const { error } = runIn(session)(replacement(table, script));
      if (error !== null) throw sysError('NFT', firstSentence(error));
    },
    remove: (session, family, table) => {
      const { error } = runIn(session)(`delete table ${checkedName(family)} ${checkedName(table)}`);
      if (error === null) return;
      if (NO_SUCH_TABLE.test(error)) throw sysError('ENOENT', `there is no table ${family} ${table}`);
      throw sysError('NFT', firstSentence(error));
    },
    compare: (session, table, scripts) => {
      if (!load())
        return { listing: null, same: [], refused: new Map(scripts.map((s) => [s, MISSING])), wanted: new Map() };
      const image = imageOf(session.fd, table);
      const tried = scripts.map((script) => ({ script, ...tryScript(table, script) }));
      const refused = new Map(tried.flatMap(({ script, refused: why }) => (why === null ? [] : [[script, why]])));
      const alike = tried.filter((trial) => image !== null && trial.image === image).map(({ script }) => script);
      const [one] = alike;
      // Printing thousands of elements takes longer than loading them, and what is the same needs no words.
      if (one !== undefined) return { listing: one, same: alike, refused, wanted: new Map() };
      const listing = list(runIn(session), table);
      const printed = listing === null ? [] : tried.map((trial) => ({ ...trial, text: trial.listing() }));
      return {
        listing,
        same: printed.filter(({ text }) => text === listing).map(({ script }) => script),
        refused,
        wanted: new Map(printed.flatMap(({ script, text }) => (text === null ? [] : [[script, text]]))),
      };
    },
    ruleset: (session) => (load() ? runIn(session)('list ruleset').output : ''),
    chains: (session) => {
      if (!load()) return [];
      const { run, free } = openContext(needed(), session.fd, 'json');
      try {
        return forwardChains((command) => run(command).output);
      } finally {
        free();
      }
    },
    close: () => {
      scratch?.free();
      scratch = null;
      trials.clear();
    },
  };
}

/** Naming the table before deleting it makes the deletion work whether it is there or not. */
const replacement = (table: string, script: string): string =>
  `table inet ${checkedName(table)}\ndelete table inet ${table}\n${script}\n`;

function list(run: Run, table: string): string | null {
  const { output, error } = run(`list table inet ${checkedName(table)}`);
  if (error === null) return output;
  if (NO_SUCH_TABLE.test(error)) return null;
  throw sysError('NFT', firstSentence(error));
}

/** A namespace without a name, in which scripts are tried. */
function openScratch(library: Libnftables): Context {
  const fd = inScratch(() => openSync('/proc/thread-self/ns/net', 'r'));
  const { run, free } = openContext(library, fd);
  return {
    ...{ fd, run },
    free: () => {
      free();
      closeSync(fd);
    },
  };
}

/** A context belongs to the namespace in which it is made; it is also used there, for it may open sockets late. */
function openContext(library: Libnftables, netnsFd: number, output: 'text' | 'json' = 'text'): Context {
  const context = inNetns(netnsFd, () => library.create(output));
  return {
    fd: netnsFd,
    run: (commands) => inNetns(netnsFd, () => library.run(context, commands)),
    free: () => inNetns(netnsFd, () => library.free(context)),
  };
}

function checkedName(table: string): string {
  invariant(/^[A-Za-z_][A-Za-z0-9_-]{0,254}$/.test(table), `'${table}' cannot be the name of an nftables table`);
  return table;
}

/** `file:line:column: Error: sentence`, then the command's first line with carets that mislead in long scripts. */
function firstSentence(complaint: string): string {
  const [line = ''] = complaint.trim().split('\n');
  return line.replace(/^.*?Error: /, '') || 'libnftables refused it without a reason';
}
