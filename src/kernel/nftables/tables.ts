import { isJsonObject, type Spec } from '../../model/json.ts';
import type { Chain } from '../../model/kernel/firewall.ts';
import type { TableLive } from '../../model/kernel/live-state.ts';
import { sysError } from '../errno.ts';
import { type KnownElements, readTableImage, readTableNames } from '../netlink/netfilter/nf-tables.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { parseForwardChains } from './chains-json.ts';
import { MISSING_LIBNFTABLES, makeNftContexts, type NftContexts } from './contexts.ts';
import { makeNftScriptTrials, type NftScriptTrial, type NftScriptTrials } from './script-trials.ts';
import { deleteTable, listTable, type NftFamily, nftErrorSentence, replacementScript } from './table-commands.ts';
import { makeTableRevisions, type RulesetMoment, type TableRevisions } from './table-revisions.ts';

/** nftables of many namespaces, in this process. Contexts stay open with their sessions: freeing one after a removal waits 14 ms. */
export type NftClient = {
  /** Null when libnftables is there; otherwise what to install. */
  readonly missingPackage: () => string | null;
  /**
   * Puts a table in the place of the one of that name, if any: by its changes, or in one transaction where they are
   * refused because the table is not the one that they are for. Throws with the library's sentence.
   */
  readonly replace: (session: NetnsSession, wanted: TableReplacement) => void;
  /** Removes a table. Throws ENOENT when there is none. */
  readonly remove: (session: NetnsSession, family: string, table: string) => void;
  /** A table as it is, and compared with what each script would make of it. */
  readonly compare: (session: NetnsSession, question: TableQuestion) => TableLive;
  /** Everything that there is, as nft prints it; empty when there is no library. */
  readonly ruleset: (session: NetnsSession) => string;
  /** Some tables (`ip nat`), as nft prints them; empty when there is no library. */
  readonly list: (session: NetnsSession, tables: readonly string[]) => string;
  /** The chains that filter forwarded packets, with all chains of their tables; none when there is no library. */
  readonly chains: (session: NetnsSession) => readonly Chain[];
  /** The objects that a command lists, as libnftables-json(5) has them; none when there is no library. */
  readonly query: (session: NetnsSession, command: string) => readonly Spec[];
  /** Runs commands in one transaction. Throws with the library's sentence. */
  readonly run: (session: NetnsSession, commands: readonly string[]) => void;
  /** Closes the scratch namespace. */
  readonly close: () => void;
};

/** A client whose contexts stay open until `close`. */
export function makeNftClient(): NftClient {
  const contexts = makeNftContexts();
  const trials = makeNftScriptTrials(contexts);
  const revisions = makeTableRevisions();
  const readImage = makeImageReader();
  return {
    missingPackage: () => (contexts.isInstalled() ? null : MISSING_LIBNFTABLES),
    replace: (session, { table, family = 'inet', script, changes }) => {
      if (changes?.every((commands) => contexts.runIn(session)(commands).error === null)) return;
      revisions.load(session, { family, table, script }, () => {
        const { error } = contexts.runIn(session)(replacementScript(table, script, family));
        if (error !== null) throw sysError('NFT', nftErrorSentence(error));
      });
    },
    remove: (session, family, table) => deleteTable(contexts.runIn(session), family, table),
    compare: (session, question) => {
      const known = knownTable(revisions, session, question);
      if (known.script !== undefined && known.script === question.scripts[0]) return sameTable(known.script, known);
      if (contexts.isInstalled()) return compareTable({ contexts, trials, readImage }, session, { ...question, known });
      const refused = new Map(question.scripts.map((script) => [script, MISSING_LIBNFTABLES]));
      return { listing: null, same: [], refused, wanted: new Map() };
    },
    ruleset: (session) => (contexts.isInstalled() ? contexts.runIn(session)('list ruleset').output : ''),
    list: (session, tables) => (contexts.isInstalled() ? listTables(contexts, session, tables) : ''),
    // Without tables there are no chains, and the library need not be loaded.
    chains: (session) =>
      readTableNames(session.fd).length > 0 && contexts.isInstalled() ? readForwardChains(contexts, session) : [],
    query: (session, command) => (contexts.isInstalled() ? queryObjects(contexts, session, command) : []),
    run: (session, commands) => {
      const { error } = contexts.runIn(session)(commands.join('\n'));
      if (error !== null) throw sysError('NFT', nftErrorSentence(error));
    },
    close: () => {
      contexts.closeScratch();
      trials.clear();
    },
  };
}

/** A table and its script, with the commands that make it of the one that is there, if they are known. */
type TableReplacement = {
  readonly table: string;
  /** `inet` when it is left out. */
  readonly family?: NftFamily;
  readonly script: string;
  readonly changes?: readonly string[];
};

/** Reads images of tables, and the elements of a map without a name once. */
function makeImageReader(): ReadImage {
  const elements = new WeakMap<NetnsSession, Map<string, KnownElements>>();
  return (session, family, table) => {
    const ofTables = elements.get(session) ?? new Map<string, KnownElements>();
    elements.set(session, ofTables);
    const known: KnownElements = ofTables.get(`${family} ${table}`) ?? new Map();
    ofTables.set(`${family} ${table}`, known);
    return readTableImage(session.fd, family, table, known);
  };
}

type ReadImage = (session: NetnsSession, family: NftFamily, table: string) => string | null;
type NftLibrary = { readonly contexts: NftContexts; readonly trials: NftScriptTrials; readonly readImage: ReadImage };
type TableQuestion = {
  readonly family: NftFamily;
  readonly table: string;
  readonly scripts: readonly string[];
  /** What it had when it was that of one of these. */
  readonly revision?: string | undefined;
};
type TriedScript = NftScriptTrial & { readonly script: string };

/** The script that the table is known to be of without reading it, and the revision that a script has now. */
type KnownTable = { readonly script: string | undefined; readonly revisionOf: (script: string) => string | undefined };

function knownTable(
  revisions: TableRevisions,
  session: NetnsSession,
  { family, table, scripts, revision }: TableQuestion,
): KnownTable {
  const now = revisions.now(session);
  if (now === null) return { script: undefined, revisionOf: () => undefined };
  const isKnown = (script: string, at: RulesetMoment): boolean =>
    revisions.isAsLoaded(session, { family, table, script }, at) ||
    (revision !== undefined && at.revisionOf({ family, table, script }) === revision);
  return {
    script: scripts.find((script) => isKnown(script, now)),
    revisionOf: (script) => now.revisionOf({ family, table, script }),
  };
}

/** The answer for a table that is exactly that of a script. Its words are those of the script. */
function sameTable(
  script: string,
  { revisionOf }: KnownTable,
  others: Pick<TableLive, 'same' | 'refused'> = { same: [script], refused: new Map() },
): TableLive {
  const revision = revisionOf(script);
  return { listing: script, ...others, wanted: new Map(), ...(revision === undefined ? {} : { revision }) };
}

function compareTable(
  library: NftLibrary,
  session: NetnsSession,
  { family, table, scripts, known }: TableQuestion & { readonly known: KnownTable },
): TableLive {
  const image = library.readImage(session, family, table);
  const tried: readonly TriedScript[] = scripts
    .filter((script) => script !== known.script)
    .map((script, i) => ({ script, ...library.trials.of({ family, table, script, whole: i === 0 }) }));
  const refused = new Map(tried.flatMap(({ script, refused: why }) => (why === null ? [] : [[script, why]])));
  const isSame = new Set(
    tried.filter((trial) => image !== null && trial.image() === image).map(({ script }) => script),
  );
  const same = scripts.filter((script) => script === known.script || isSame.has(script));
  const [first] = same;
  // Printing thousands of elements takes longer than loading them, and what is the same needs no words.
  if (first !== undefined) return sameTable(first, known, { same, refused });
  const listing = listTable(library.contexts.runIn(session), family, table);
  return { listing, refused, ...compareListings(tried, listing) };
}

/** The scripts that nft prints as it prints the table, and how it prints each. Nothing is printed without a table. */
function compareListings(tried: readonly TriedScript[], listing: string | null): Pick<TableLive, 'same' | 'wanted'> {
  const printed = listing === null ? [] : tried.map(({ script, listing: print }) => ({ script, text: print() }));
  return {
    same: printed.filter(({ text }) => text === listing).map(({ script }) => script),
    wanted: new Map(printed.flatMap(({ script, text }) => (text === null ? [] : [[script, text]]))),
  };
}

function readForwardChains(contexts: NftContexts, session: NetnsSession): readonly Chain[] {
  const { run, free } = contexts.openJson(session);
  try {
    return parseForwardChains((command) => run(command).output);
  } finally {
    free();
  }
}

function queryObjects(contexts: NftContexts, session: NetnsSession, command: string): readonly Spec[] {
  const { run, free } = contexts.openJson(session);
  try {
    const { output } = run(command);
    const answer: unknown = output === '' ? null : JSON.parse(output);
    const objects = isJsonObject(answer) ? answer['nftables'] : [];
    return Array.isArray(objects) ? objects.filter(isJsonObject) : [];
  } finally {
    free();
  }
}

const listTables = (contexts: NftContexts, session: NetnsSession, tables: readonly string[]): string =>
  tables.map((table) => contexts.runIn(session)(`list table ${table}`).output).join('');
