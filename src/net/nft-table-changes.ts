/**
 * The commands of nft that make one table (`inet netform_lab`) of another, both given by the scripts that netform writes for
 * them, in one to three transactions; null when they are the same, or when only loading it again can.
 *
 * A packet takes the rules of a generation when it comes to a hook, and looks elements up in the one that is valid then. So
 * sets, maps and chains that stay are not deleted; what rules and elements will lead to is made first; then these change;
 * what only a former rule or element leads to goes last.
 */
export function nftTableChanges(table: string, from: string, to: string): readonly string[] | null {
  const [before, after] = [readBlocks(from), readBlocks(to)];
  // Not as netform writes them.
  if (before.size === 0 || after.size === 0) return null;
  const gone = [...before.values()].filter(({ head }) => !after.has(head));
  const come = [...after.values()].filter(({ head }) => !before.has(head));
  const kept = [...after.values()].flatMap((wanted) => {
    const there = before.get(wanted.head);
    return there ? [{ there, wanted }] : [];
  });
  const redeclared = kept.filter(({ there, wanted }) => there.declaration !== wanted.declaration);
  // What rules refer to cannot be deleted under them, and a chain keeps its hook.
  if (redeclared.some(({ wanted }) => wanted.isChain || `${from}${to}`.includes(` @${wanted.name}`))) return null;
  const filled = kept
    .filter((one) => !one.wanted.isChain && !redeclared.includes(one))
    .map(({ there, wanted }) => changedElements(there, wanted));
  const rewritten = kept.filter(({ there, wanted }) => wanted.isChain && !sameEntries(there, wanted));
  const [goneChains, goneSets] = [gone.filter(({ isChain }) => isChain), gone.filter(({ isChain }) => !isChain)];
  const isLedTo = ({ isChain, declaration }: NftBlock): boolean => !isChain || declaration === '';
  // Refused where it is there already: the table is another one, and its rules would be doubled.
  const made = (blocks: readonly NftBlock[]): readonly string[] => [
    ...blocks.flatMap((one) => (one.isChain ? [`create ${inTable(one.head, table)}${hookOf(one)}\n`] : [])),
    ...tableCommand(table, blocks),
  ];
  const transactions = [
    made(come.filter(isLedTo)),
    [
      ...filled.map(({ name, replaced }) => elementsCommand('delete', table, name, replaced)),
      ...rewritten.map(({ there }) => `flush chain ${table} ${there.name}\n`),
      ...redeclared.map(({ there }) => `delete ${inTable(there.head, table)}\n`),
      ...made(come.filter((one) => !isLedTo(one))),
      ...tableCommand(
        table,
        [...redeclared, ...rewritten].map(({ wanted }) => wanted),
      ),
      ...filled.map(({ name, added }) => elementsCommand('add', table, name, added)),
    ],
    [
      ...filled.map(({ name, unused }) => elementsCommand('delete', table, name, unused)),
      ...goneChains.map(({ name }) => `flush chain ${table} ${name}\n`),
      ...[...goneSets, ...goneChains].map(({ head }) => `delete ${inTable(head, table)}\n`),
    ],
  ].flatMap((commands) => commands.join('') || []);
  return transactions.length === 0 ? null : transactions;
}

/** A set, a map or a chain of a script. `head`: `map forward4`. `entries`: the elements, or the rules. */
type NftBlock = {
  readonly head: string;
  readonly name: string;
  readonly isChain: boolean;
  /** The type of a set, the hook of a chain. */
  readonly declaration: string;
  readonly entries: readonly string[];
  /** As it stands in the script. */
  readonly lines: readonly string[];
};

/** The blocks of a table by their heads: each line stands alone, each element too, and each block ends with a line of its own. */
function readBlocks(script: string): ReadonlyMap<string, NftBlock> {
  const blocks = new Map<string, NftBlock>();
  let lines: string[] = [];
  for (const line of script.split('\n').slice(1)) {
    lines.push(line);
    if (line !== '\t}') continue;
    const block = readBlock(lines);
    blocks.set(block.head, block);
    lines = [];
  }
  return blocks;
}

function readBlock(lines: readonly string[]): NftBlock {
  const [first = '', ...inner] = lines.slice(0, -1).map((line) => line.trim());
  const head = first.replace(/ \{$/, '');
  const [word, name = ''] = head.split(' ');
  const isChain = word === 'chain';
  const open = isChain ? Number(inner[0]?.startsWith('type ')) : inner.indexOf('elements = {');
  const end = open < 0 ? inner.length : open;
  const entries = isChain ? inner.slice(end) : inner.slice(end + 1, -1).map((line) => line.replace(/,$/, ''));
  return { head, name, isChain, declaration: inner.slice(0, end).join('\n'), entries, lines };
}

/** Rules in their order. */
const sameEntries = (one: NftBlock, other: NftBlock): boolean =>
  one.entries.length === other.entries.length && one.entries.every((entry, i) => entry === other.entries[i]);

/**
 * `replaced`: keys that have to go before what comes; of a set of intervals all that go, because two of them cannot overlap.
 * `unused`: keys that can go when no rule asks for them any more.
 */
function changedElements(there: NftBlock, { name, declaration, entries }: NftBlock): ChangedElements {
  const added = without(entries, there.entries);
  const going = without(there.entries, entries).map(keyOf);
  const isInterval = declaration.includes('interval');
  const coming = new Set(added.map(keyOf));
  const isFirst = (key: string): boolean => isInterval || coming.has(key);
  return { name, added, replaced: going.filter(isFirst), unused: going.filter((key) => !isFirst(key)) };
}

type ChangedElements = {
  readonly name: string;
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly unused: readonly string[];
};

function without(entries: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return entries.filter((entry) => !known.has(entry));
}

/** The key of a map identifies its element. */
const keyOf = (element: string): string => element.replace(/ : .*$/, '');

const elementsCommand = (verb: string, table: string, name: string, elements: readonly string[]): string =>
  elements.length === 0 ? '' : `${verb} element ${table} ${name} { ${elements.join(', ')} }\n`;

/** `map forward4` to `map inet netform_lab forward4`. */
const inTable = (head: string, table: string): string => head.replace(' ', ` ${table} `);

const hookOf = ({ declaration }: NftBlock): string => (declaration === '' ? '' : ` { ${declaration} }`);

const tableCommand = (table: string, blocks: readonly NftBlock[]): readonly string[] =>
  blocks.length === 0 ? [] : [`table ${table} {\n${blocks.flatMap(({ lines }) => lines).join('\n')}\n}\n`];
