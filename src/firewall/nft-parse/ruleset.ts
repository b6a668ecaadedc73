/** One chain of nftables, with its rules as words. */
export type NftChainText = {
  /** `ip nat`. */
  readonly table: string;
  readonly name: string;
  /** Null: packets come here only when another chain sends them. */
  readonly hook: { readonly type: string; readonly at: string; readonly policy: string } | null;
  readonly rules: readonly (readonly string[])[];
};

/** The chains in what `nft -s list ruleset` prints; sets and maps are left out. */
export function parseRulesetChains(ruleset: string): readonly NftChainText[] {
  const chains: { table: string; name: string; hook: NftChainText['hook']; rules: (readonly string[])[] }[] = [];
  let table = '';
  let within: 'table' | 'chain' | 'other' = 'table';
  for (const line of ruleset.split('\n').map((text) => text.trim())) {
    const [, family, name] = /^table (\w+) (\S+) \{$/.exec(line) ?? [];
    const chain = chains.at(-1);
    if (family !== undefined) table = `${family} ${name}`;
    else if (line === '}') within = 'table';
    else if (within === 'other' || line === '' || line.startsWith('#')) continue;
    else if (within === 'chain' && chain) {
      if (line.startsWith('type ')) chain.hook = parseHook(line);
      else chain.rules.push(splitWords(line));
    } else if (/^chain \S+ \{$/.test(line)) {
      chains.push({ table, name: line.split(' ')[1] ?? '', hook: null, rules: [] });
      within = 'chain';
    } else if (line.endsWith('{')) within = 'other';
  }
  return chains;
}

function parseHook(line: string): NftChainText['hook'] {
  const [, type = '', at = ''] = /^type (\w+) hook (\w+)/.exec(line) ?? [];
  return { type, at, policy: /policy (\w+)/.exec(line)?.[1] ?? 'accept' };
}

/** Words, with texts in quotes and sets in braces as one each. */
const splitWords = (line: string): readonly string[] => line.match(/"[^"]*"|\{[^}]*\}|\S+/g) ?? [];
