import { sameJson } from '../../model/json.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { PortRange } from '../../model/topology.ts';
import { planLine, transitionText } from '../plan-line.ts';
import type { ForwardRule, NatRule, NftSpec } from './spec.ts';

/** One line for each nat entry and each forward that comes, goes or changes, and for each line that others altered. */
export function describeNft(operation: Operation<NftSpec>): readonly PlanLine[] {
  const { before, after, netns, action } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const table = { noun: 'nft', name: `table ${spec.table}` };
  if (action === 'replace') return [planLine(operation, { ...table, text: '' })];
  const old = action === 'create' ? null : before;
  const wanted = action === 'delete' ? null : after;
  const lines = [
    ...pairsOf(old?.nat ?? [], wanted?.nat ?? [], natKey).map((pair) => natLine(netns, pair)),
    ...pairsOf(old?.forwards ?? [], wanted?.forwards ?? [], forwardKey).map((pair) => forwardLine(netns, pair)),
    ...(wanted === null ? [] : (old?.altered ?? []))
      .slice(0, MOST)
      .map((line) => planLine(operation, { ...table, text: alteration(line) })),
  ];
  if (lines.length > 0) return lines;
  return [planLine(operation, { ...table, text: operation.takenFrom === undefined ? 'the order of its rules' : '' })];
}

/** How many altered lines are shown. */
const MOST = 10;

type NftRulePair<T> = { readonly before: T | null; readonly after: T | null };

/** What is new, gone or different, by what it is known for; in the order of the new list, then what goes. */
function pairsOf<T extends NatRule | ForwardRule>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): readonly NftRulePair<T>[] {
  const old = new Map(before.map((item) => [keyOf(item), item]));
  const wanted = new Set(after.map(keyOf));
  return [
    ...after.map((item) => ({ before: old.get(keyOf(item)) ?? null, after: item })),
    ...before.filter((item) => !wanted.has(keyOf(item))).map((item) => ({ before: item, after: null })),
  ].filter((pair) => !sameJson(pair.before, pair.after));
}

const signOf = ({ before, after }: NftRulePair<unknown>): 'create' | 'update' | 'delete' =>
  before === null ? 'create' : after === null ? 'delete' : 'update';

const natKey = ({ kind, from, out }: NatRule): string => JSON.stringify([kind, from, out]);

function natLine(netns: string, pair: NftRulePair<NatRule>): PlanLine {
  const { before, after } = pair;
  const text = transitionText(before && natText(before), after && natText(after));
  return planLine({ action: signOf(pair), netns }, { noun: 'nat', name: (after ?? before)?.kind ?? '', text });
}

function natText({ from, out, exceptTo, as }: NatRule): string {
  const parts = [
    from === null ? 'any' : from.join(' and '),
    as === null ? '' : `as ${as.address}${as.ports === null ? '' : `:${portsText(as.ports)}`}`,
    out === null ? '' : `out ${out}`,
    exceptTo.length === 0 ? '' : `except to ${exceptTo.join(' and ')}`,
  ];
  return parts.filter(Boolean).join(' ');
}

const forwardKey = ({ family, address, ports, protocols }: ForwardRule): string =>
  JSON.stringify([family, address, ports, protocols]);

function forwardLine(netns: string, pair: NftRulePair<ForwardRule>): PlanLine {
  const { before, after } = pair;
  const one = after ?? before;
  const name = one ? listenText(one) : '';
  const text = `to ${transitionText(before && targetText(before), after && targetText(after))}`;
  return planLine({ action: signOf(pair), netns }, { noun: 'forward', name, text });
}

function listenText({ address, ports, protocols }: ForwardRule): string {
  const where = address === null ? '' : `${bracketed(address)}:`;
  return `${where}${portsText(ports)}/${protocols.join('+')}`;
}

function targetText({ target: { label, address, ports } }: ForwardRule): string {
  const where = `${bracketed(address)}:${portsText(ports)}`;
  return label === address ? where : `${label} ${where}`;
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);
const portsText = ({ first, last }: PortRange): string => (first === last ? `${first}` : `${first}-${last}`);

function alteration(line: string): string {
  const [sign, text] = [line.slice(0, 1), line.slice(2)];
  if (sign === '~') return text;
  return `${JSON.stringify(text)} was ${sign === '+' ? 'added' : 'removed'} by hand`;
}
