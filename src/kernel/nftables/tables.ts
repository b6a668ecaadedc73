import { closeSync, openSync } from 'node:fs';
import { invariant } from '../../model/error.ts';
import type { Chain } from '../../model/kernel/firewall.ts';
import type { TableLive } from '../../model/kernel/live-state.ts';
import { sysError } from '../errno.ts';
import { readTableImage } from '../netlink/nf-tables.ts';
import { inNetns, inScratchNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { parseForwardChains } from './chains-json.ts';
import { type Libnftables, loadLibnftables } from './libnftables.ts';

/** nftables of many namespaces, in this process. Contexts stay open with their sessions: freeing one after a removal waits 14 ms. */
export type NftClient = {
  /** Null when libnftables is there; otherwise what to install. */
  readonly missingPackage: () => string | null;
  /** Puts a table (`inet`) in the place of the one of that name, if any, in one transaction. Throws with the library's sentence. */
  readonly replace: (session: NetnsSession, table: string, script: string) => void;
  /** Removes a table. Throws ENOENT when there is none. */
  readonly remove: (session: NetnsSession, family: string, table: string) => void;
  /** A table as it is, and compared with what each script would make of it. */
  readonly compare: (session: NetnsSession, table: string, scripts: readonly string[]) => TableLive;
  /** Everything that there is, as nft prints it; empty when there is no library. */
  readonly ruleset: (session: NetnsSession) => string;
  /** The chains that filter forwarded packets, with all chains of their tables; none when there is no library. */
  readonly chains: (session: NetnsSession) => readonly Chain[];
  /** Lets go of the scratch namespace. */
  readonly close: () => void;
};

type NftCommandRunner = (commands: string) => { readonly output: string; readonly error: string | null };
type NftContext = { readonly fd: number; readonly run: NftCommandRunner; readonly free: () => void };
/** `image`: what the kernel makes of the script. `listing`: how nft prints it, on request; null: refused. */
type NftScriptTrial = {
  readonly image: string | null;
  readonly refused: string | null;
  readonly listing: () => string | null;
};

/** Each has a socket whose number must be below 1024. */
const MAX_CONTEXTS = 500;
const MISSING_LIBRARY = 'libnftables is not installed: install the package libnftables1 (it comes with nftables)';
const NO_SUCH_TABLE = /No such file or directory/;

export function makeNftClient(): NftClient {
  const contexts = new Map<NetnsSession, NftContext>();
  const trials = new Map<string, NftScriptTrial>();
  let library: Libnftables | null | undefined;
  let scratch: NftContext | null = null;

  const load = (): Libnftables | null => {
    if (library === undefined) library = loadLibnftables();
    return library;
  };
  const needed = (): Libnftables => {
    const loaded = load();
    if (!loaded) throw sysError('NFT', MISSING_LIBRARY);
    return loaded;
  };
  const free = (session: NetnsSession): void => {
    contexts.get(session)?.free();
    contexts.delete(session);
  };
  const runIn = (session: NetnsSession): NftCommandRunner => {
    const known = contexts.get(session);
    if (known) return known.run;
    if (contexts.size >= MAX_CONTEXTS) [...contexts.keys()].forEach(free);
    const context = openContext(needed(), session.fd);
    contexts.set(session, context);
    session.onClose(() => free(session));
    return context.run;
  };
  const loaded = (table: string, script: string): NftContext & { readonly error: string | null } => {
    scratch ??= openScratchContext(needed());
    return { ...scratch, error: scratch.run(replacementScript(table, script)).error };
  };
  const tryScript = (table: string, script: string): NftScriptTrial => {
    const known = trials.get(script);
    if (known) return known;
    const { fd, error } = loaded(table, script);
    let listing: string | null | undefined;
    const trial: NftScriptTrial =
      error === null
        ? {
            image: readTableImage(fd, table),
            refused: null,
            listing: () => (listing ??= listTable(loaded(table, script).run, table)),
          }
        : { image: null, refused: firstErrorSentence(error), listing: () => null };
    trials.set(script, trial);
    return trial;
  };

  return {
    missingPackage: () => (load() ? null : MISSING_LIBRARY),
    replace: (session, table, script) => {
      const { error } = runIn(session)(replacementScript(table, script));
      if (error !== null) throw sysError('NFT', firstErrorSentence(error));
    },
    remove: (session, family, table) => {
      const { error } = runIn(session)(`delete table ${requireTableName(family)} ${requireTableName(table)}`);
      if (error === null) return;
      if (NO_SUCH_TABLE.test(error)) throw sysError('ENOENT', `there is no table ${family} ${table}`);
      throw sysError('NFT', firstErrorSentence(error));
    },
    compare: (session, table, scripts) => {
      if (!load())
        return {
          listing: null,
          same: [],
          refused: new Map(scripts.map((s) => [s, MISSING_LIBRARY])),
          wanted: new Map(),
        };
      const image = readTableImage(session.fd, table);
      const tried = scripts.map((script) => ({ script, ...tryScript(table, script) }));
      const refused = new Map(tried.flatMap(({ script, refused: why }) => (why === null ? [] : [[script, why]])));
      const alike = tried.filter((trial) => image !== null && trial.image === image).map(({ script }) => script);
      const [one] = alike;
      // Printing thousands of elements takes longer than loading them, and what is the same needs no words.
      if (one !== undefined) return { listing: one, same: alike, refused, wanted: new Map() };
      const listing = listTable(runIn(session), table);
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
        return parseForwardChains((command) => run(command).output);
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
const replacementScript = (table: string, script: string): string =>
  `table inet ${requireTableName(table)}\ndelete table inet ${table}\n${script}\n`;

function listTable(run: NftCommandRunner, table: string): string | null {
  const { output, error } = run(`list table inet ${requireTableName(table)}`);
  if (error === null) return output;
  if (NO_SUCH_TABLE.test(error)) return null;
  throw sysError('NFT', firstErrorSentence(error));
}

/** A namespace without a name, in which scripts are tried. */
function openScratchContext(library: Libnftables): NftContext {
  const fd = inScratchNetns(() => openSync('/proc/thread-self/ns/net', 'r'));
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
function openContext(library: Libnftables, netnsFd: number, output: 'text' | 'json' = 'text'): NftContext {
  const context = inNetns(netnsFd, () => library.create(output));
  return {
    fd: netnsFd,
    run: (commands) => inNetns(netnsFd, () => library.run(context, commands)),
    free: () => inNetns(netnsFd, () => library.free(context)),
  };
}

function requireTableName(table: string): string {
  invariant(/^[A-Za-z_][A-Za-z0-9_-]{0,254}$/.test(table), `'${table}' cannot be the name of an nftables table`);
  return table;
}

/** `file:line:column: Error: sentence`, then the command's first line with carets that mislead in long scripts. */
function firstErrorSentence(complaint: string): string {
  const [line = ''] = complaint.trim().split('\n');
  return line.replace(/^.*?Error: /, '') || 'libnftables refused it without a reason';
}
