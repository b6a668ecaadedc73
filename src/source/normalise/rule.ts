import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { TopologyRule } from '../../model/topology.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../cursor.ts';
import { readNetwork } from './address.ts';
import { readDeviceName } from './name.ts';
import { readTable } from './routing-table.ts';

export function readRules(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyRule[] {
  return nonNull(listItems(node).map((item) => readRule(item, report)));
}

function readRule(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRule | null {
  if (!isJsonObject(node.value)) return null;
  const action = ACTIONS.find((action) => action === readString(childCursor(node, 'type'))) ?? 'lookup';
  const tableNode = childCursor(node, 'table');
  const table = readTable(tableNode, report);
  if (action === 'lookup' && tableNode.value === undefined) {
    const hint = 'add `table: 100`, or `type: blackhole`';
    report(makeDiagnostic('missing-key', valueOfCursor(node), 'the rule has neither "table" nor "type"', { hint }));
  }
  return {
    at: node.path,
    from: readSelector(childCursor(node, 'from'), report),
    to: readSelector(childCursor(node, 'to'), report),
    iif: readDeviceName(childCursor(node, 'iif'), report),
    oif: readDeviceName(childCursor(node, 'oif'), report),
    mark: readMark(childCursor(node, 'mark'), report),
    table: action === 'lookup' ? (table ?? RT_TABLE_MAIN) : 0,
    priority: readInteger(childCursor(node, 'priority')),
    action,
  };
}

const ACTIONS = ['lookup', 'blackhole', 'unreachable', 'prohibit'] as const;

const readSelector = (node: SourceCursor, report: SourceDiagnosticReporter): TopologyRule['from'] =>
  node.value === 'all' ? null : readNetwork(node, report, 'allowed');

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
