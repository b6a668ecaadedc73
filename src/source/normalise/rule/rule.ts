import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../../model/json.ts';
import { RT_TABLE_MAIN } from '../../../model/kernel/rtnetlink.ts';
import type { TopologyRule } from '../../../model/topology.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';
import { readNetwork } from '../address.ts';
import { looksLikeAddress } from '../address-errors.ts';
import { readDeviceName, readRef } from '../name.ts';
import { readTable } from '../routing-table.ts';
import { readRuleOptions } from './rule-options.ts';

export function readRules(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyRule[] {
  return nonNull(listItems(node).map((item) => readRule(item, report)));
}

function readRule(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRule | null {
  if (!isJsonObject(node.value)) return null;
  const options = readRuleOptions(node, report);
  const type = ACTIONS.find((action) => action === readString(childCursor(node, 'type'))) ?? 'lookup';
  const action = options.goto === undefined ? type : 'goto';
  const tableNode = childCursor(node, 'table');
  const table = readTable(tableNode, report);
  if (action === 'lookup' && tableNode.value === undefined && !options.l3mdev) {
    const hint = 'add `table: 100`, or `type: blackhole`';
    report(makeDiagnostic('missing-key', valueOfCursor(node), 'the rule has neither "table" nor "type"', { hint }));
  }
  reportContradictions(node, report, { action, type, options });
  return {
    at: node.path,
    from: readSelector(childCursor(node, 'from'), report),
    to: readSelector(childCursor(node, 'to'), report),
    iif: readDeviceName(childCursor(node, 'iif'), report),
    oif: readDeviceName(childCursor(node, 'oif'), report),
    mark: readMark(childCursor(node, 'mark'), report),
    table: action === 'lookup' && !options.l3mdev ? (table ?? RT_TABLE_MAIN) : 0,
    priority: readInteger(childCursor(node, 'priority')),
    action,
    options,
  };
}

const ACTIONS = ['lookup', 'blackhole', 'unreachable', 'prohibit'] as const;

/** Words of one rule that exclude each other. */
function reportContradictions(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  { action, type, options }: Pick<TopologyRule, 'action' | 'options'> & { readonly type: string },
): void {
  const has = (key: string): boolean => childCursor(node, key).value !== undefined;
  const wrong = (key: string, message: string, hint: string): void =>
    report(makeDiagnostic('bad-value', valueOfCursor(childCursor(node, key)), message, { hint }));
  if (action === 'goto' && has('table')) wrong('table', 'a rule with "goto" asks no table', 'leave one of the two out');
  if (action === 'goto' && type !== 'lookup')
    wrong('type', 'a rule with "goto" has no type', 'leave one of the two out');
  if (options.l3mdev && has('table'))
    wrong('table', 'a rule with "l3mdev" asks the table of the VRF', 'leave one of the two out');
  const priority = readInteger(childCursor(node, 'priority'));
  if (options.goto !== undefined && priority !== null && options.goto <= priority)
    wrong('goto', `a rule can only go on: ${options.goto} is not behind ${priority}`, 'write a higher priority');
  for (const key of ['suppressPrefixLength', 'suppressIfGroup'] as const) {
    if (options[key] !== undefined && action !== 'lookup')
      wrong(key, `"${key}" is about what a table gives`, 'write a `table`, or leave it out');
  }
}

/** A network, an address, or the name of a namespace, a bridge or an entry under `subnets`; null: all. */
function readSelector(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRule['from'] {
  const written = readString(node);
  if (written === null || written === 'all') return null;
  if (looksLikeAddress(written)) {
    const network = readNetwork(node, report, 'allowed');
    return network && { value: { prefix: network.value }, at: node.path };
  }
  const ref = readRef(node, report, 'write all, a network, an address, or a name');
  return ref && { value: { ref: ref.value }, at: node.path };
}

function readMark(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRule['mark'] {
  const whole = readInteger(node);
  if (whole !== null) return { value: whole, mask: 0xffffffff };
  const written = readString(node);
  if (written === null) return null;
  const match = /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i.exec(written);
  const value = Number(match?.[1]);
  const mask = match?.[2] === undefined ? 0xffffffff : Number(match[2]);
  if (match && value <= 0xffffffff && mask <= 0xffffffff) return { value, mask };
  const message = `${JSON.stringify(written)} is not a firewall mark`;
  report(makeDiagnostic('bad-value', valueOfCursor(node), message, { hint: 'write 16, 0x10 or "0x10/0xff"' }));
  return null;
}
