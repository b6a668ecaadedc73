import { nftTableChanges } from '../../net/nft-table-changes.ts';
import { readTableImage } from '../netlink/netfilter/nf-tables.ts';
import type { NftContexts } from './contexts.ts';
import { listTable, type NftFamily, nftErrorSentence, replacementScript } from './table-commands.ts';

/** What comes of a script. `image`: what the kernel makes of it, `listing`: how nft prints it, both on request; null: refused. */
export type NftScriptTrial = {
  readonly image: () => string | null;
  readonly refused: string | null;
  readonly listing: () => string | null;
};

/** Whether the script is loaded whole (`whole`), or may be made of what is loaded by what differs. */
export type TriedTable = {
  readonly family: NftFamily;
  readonly table: string;
  readonly script: string;
  readonly whole: boolean;
};

/** Loads the script of a table in the scratch namespace, once for each script. */
export type NftScriptTrials = {
  readonly of: (tried: TriedTable) => NftScriptTrial;
  readonly clear: () => void;
};

type KnownTrial = NftScriptTrial & { readonly whole: boolean };
/** What is in the scratch namespace now. */
type LoadedTable = Pick<TriedTable, 'family' | 'table' | 'script'>;

/** Trials in the scratch namespace of these contexts. */
export function makeNftScriptTrials(contexts: NftContexts): NftScriptTrials {
  const trials = new Map<string, KnownTrial>();
  let loaded: LoadedTable | null = null;
  const load = ({
    family,
    table,
    script,
    whole,
  }: TriedTable): { readonly error: string | null; readonly whole: boolean } => {
    const { run } = contexts.scratch();
    const isThere = loaded?.table === table && loaded.family === family;
    const changes = !whole && loaded && isThere ? nftTableChanges(`${family} ${table}`, loaded.script, script) : null;
    const isChanged = changes?.every((commands) => run(commands).error === null) ?? false;
    const error = isChanged ? null : run(replacementScript(table, script, family)).error;
    loaded = error === null ? { family, table, script } : null;
    return { error, whole: !isChanged };
  };
  const tryScript = (tried: TriedTable): KnownTrial => {
    const { family, table, script } = tried;
    const { error, whole } = load(tried);
    if (error !== null) return { image: () => null, refused: nftErrorSentence(error), whole, listing: () => null };
    // Another script may have been tried since.
    const whenLoaded = <T>(read: () => T) => {
      if (loaded?.script !== script || loaded.table !== table) load({ ...tried, whole: true });
      return read();
    };
    return {
      image: onRequest(() => whenLoaded(() => readTableImage(contexts.scratch().fd, family, table))),
      refused: null,
      whole,
      listing: onRequest(() => whenLoaded(() => listTable(contexts.scratch().run, family, table))),
    };
  };
  return {
    of: (tried) => {
      const known = trials.get(tried.script);
      if (known && (known.whole || !tried.whole)) return known;
      const trial = tryScript(tried);
      trials.set(tried.script, trial);
      return trial;
    },
    clear: () => {
      trials.clear();
      loaded = null;
    },
  };
}

/** Asked once, when it is first needed. */
function onRequest(ask: () => string | null): () => string | null {
  let answer: string | null | undefined;
  return () => {
    if (answer === undefined) answer = ask();
    return answer;
  };
}
