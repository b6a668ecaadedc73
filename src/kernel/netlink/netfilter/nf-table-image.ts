import {
  decodeString,
  listAttributes,
  parseAttributes,
  stringAttribute,
  visitAttributes,
} from '../../../net/netlink-attributes.ts';

// linux/netfilter/nf_tables.h
const NFTA_TABLE_HANDLE = 4;
const NFTA_CHAIN_HANDLE = 2;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_HANDLE = 3;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_RULE_POSITION = 6;
const NFTA_SET_NAME = 2;
const NFTA_SET_FLAGS = 3;
const NFTA_SET_HANDLE = 16;
const NFT_SET_ANONYMOUS = 1;
const NFTA_SET_ELEM_LIST_ELEMENTS = 3;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;
/** NFTA_LOOKUP_SET and NFTA_DYNSET_SET_NAME: the first attribute of an expression that names a set. */
const NFTA_EXPR_SET_NAME = 1;
const SET_EXPRESSIONS = ['lookup', 'dynset'];

/** What the kernel dumps of one table: messages without their headers. */
export type NfTableDump = {
  readonly tables: readonly Buffer[];
  readonly chains: readonly Buffer[];
  /** Those of one chain in their order. */
  readonly rules: readonly Buffer[];
  readonly sets: readonly NfSetDump[];
};

type NfSetDump = { readonly set: Buffer; readonly elements: readonly Buffer[] };

/** What a request for the elements of a set or map says of it, besides its table: its name. */
export const nfSetNameAttribute = (set: Buffer): Buffer => stringAttribute(NFTA_SET_NAME, nameOf(set));

/** Two sets or maps without a name of one namespace have different keys, and one has the same for as long as it is there: the handles of its table and of itself, which only count up. Null for one with a name. */
export function unnamedSetKey(table: Buffer, set: Buffer): string | null {
  const handles = [parseAttributes(table).get(NFTA_TABLE_HANDLE), parseAttributes(set).get(NFTA_SET_HANDLE)];
  return isUnnamed(set) && handles.every(Boolean) ? handles.map((one) => one?.toString('hex')).join(' ') : null;
}

const nameOf = (set: Buffer): string => decodeString(parseAttributes(set).get(NFTA_SET_NAME)) ?? '';

/**
 * A text that is equal for equal tables, whatever they were made of first: without handles and positions, which count up; with
 * chains, sets and elements sorted; with what a set without a name holds in the place of its number (`__map3`), which is
 * the next free one when it is made.
 */
export function nfTableImage({ tables, chains, rules, sets }: NfTableDump): string {
  const unnamed = new Map(
    sets.filter(({ set }) => isUnnamed(set)).map((one) => [nameOf(one.set), setText(one, [NFTA_SET_NAME])]),
  );
  const byChain = new Map<string, string[]>();
  for (const rule of rules) {
    const chain = parseAttributes(rule).get(NFTA_RULE_CHAIN)?.toString('latin1') ?? '';
    const text = ruleText(rule, unnamed);
    const known = byChain.get(chain);
    if (known) known.push(text);
    else byChain.set(chain, [text]);
  }
  const parts = [
    ...tables.map((table) => attributesText(table, [NFTA_TABLE_HANDLE])),
    ...chains.map((chain) => attributesText(chain, [NFTA_CHAIN_HANDLE])).sort(),
    ...[...byChain].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, texts]) => texts),
    ...sets
      .filter(({ set }) => !isUnnamed(set))
      .map((one) => setText(one))
      .sort(),
  ];
  return parts.map(counted).join('');
}

const isUnnamed = (set: Buffer): boolean =>
  ((parseAttributes(set).get(NFTA_SET_FLAGS)?.readUInt32BE() ?? 0) & NFT_SET_ANONYMOUS) !== 0;

const counted = (text: string): string => `${text.length}:${text}`;

const attributesText = (body: Buffer, without: readonly number[]): string =>
  listAttributes(body)
    .map(({ type, whole }) => (without.includes(type) ? '' : whole.toString('latin1')))
    .join('');

function setText({ set, elements }: NfSetDump, without: readonly number[] = []): string {
  const texts: string[] = [];
  for (const body of elements) {
    const list = parseAttributes(body).get(NFTA_SET_ELEM_LIST_ELEMENTS) ?? Buffer.alloc(0);
    visitAttributes(list, 0, (type, start, end) =>
      texts.push(`${type} ${end - start}:${list.toString('latin1', start, end)}`),
    );
  }
  return counted(attributesText(set, [NFTA_SET_HANDLE, ...without])) + texts.sort().join('');
}

function ruleText(rule: Buffer, unnamed: ReadonlyMap<string, string>): string {
  const text = attributesText(rule, [NFTA_RULE_HANDLE, NFTA_RULE_POSITION, NFTA_RULE_EXPRESSIONS]);
  const expressions = parseAttributes(rule).get(NFTA_RULE_EXPRESSIONS) ?? Buffer.alloc(0);
  if (unnamed.size === 0) return text + expressions.toString('latin1');
  return (
    text +
    listAttributes(expressions)
      .map(({ whole, payload }) => expressionText(whole, payload, unnamed))
      .join('')
  );
}

function expressionText(whole: Buffer, payload: Buffer, unnamed: ReadonlyMap<string, string>): string {
  const expression = parseAttributes(payload);
  const data = expression.get(NFTA_EXPR_DATA);
  const name = decodeString(expression.get(NFTA_EXPR_NAME)) ?? '';
  const set =
    data && SET_EXPRESSIONS.includes(name) ? decodeString(parseAttributes(data).get(NFTA_EXPR_SET_NAME)) : null;
  const content = data && set !== null ? unnamed.get(set) : undefined;
  if (!data || content === undefined) return whole.toString('latin1');
  return `${name} ${counted(content)}${counted(attributesText(data, [NFTA_EXPR_SET_NAME]))}`;
}
