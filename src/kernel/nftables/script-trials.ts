import { readTableImage } from '../netlink/nf-tables.ts';
import type { NftContexts } from './contexts.ts';
import { listTable, nftErrorSentence, replacementScript } from './table-commands.ts';

/** `image`: what the kernel makes of the script. `listing`: how nft prints it, on request; null: refused. */
export type NftScriptTrial = {
  readonly image: string | null;
  readonly refused: string | null;
  readonly listing: () => string | null;
};

/** Loads the script of a table in the scratch namespace, once for each script. */
export type NftScriptTrials = {
  readonly of: (table: string, script: string) => NftScriptTrial;
  readonly clear: () => void;
};

/** Trials in the scratch namespace of these contexts. */
export function makeNftScriptTrials(contexts: NftContexts): NftScriptTrials {
  const trials = new Map<string, NftScriptTrial>();
  return {
    of: (table, script) => {
      const known = trials.get(script);
      if (known) return known;
      const trial = tryScript(contexts, table, script);
      trials.set(script, trial);
      return trial;
    },
    clear: () => trials.clear(),
  };
}

function tryScript(contexts: NftContexts, table: string, script: string): NftScriptTrial {
  const { fd, run } = contexts.scratch();
  const { error } = run(replacementScript(table, script));
  if (error !== null) return { image: null, refused: nftErrorSentence(error), listing: () => null };
  let listing: string | null | undefined;
  return {
    image: readTableImage(fd, table),
    refused: null,
    listing: () => {
      if (listing === undefined) listing = listLoaded(contexts, table, script);
      return listing;
    },
  };
}

/** Another script may have been tried since. */
function listLoaded(contexts: NftContexts, table: string, script: string): string | null {
  const { run } = contexts.scratch();
  run(replacementScript(table, script));
  return listTable(run, table);
}
