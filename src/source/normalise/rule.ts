import { problem } from '../../model/diagnostic.ts';
import type { Rule } from '../../model/topology.ts';
import { child, integer, isRecord, items, type Node, onValue, present, type Report, text } from '../node.ts';
import { readNetwork } from './address.ts';
import { readDevice } from './name.ts';
import { MAIN, readTable } from './table.ts';

export function readRules(node: Node, report: Report): readonly Rule[] {
  return present(items(node).map((item) => readRule(item, report)));
}

function readRule(node: Node, report: Report): Rule | null {
  if (!isRecord(node.value)) return null;
  const action = ACTIONS.find((action) => action === text(child(node, 'type'))) ?? 'lookup';
  const tableNode = child(node, 'table');
  const table = readTable(tableNode, report);
  if (action === 'lookup' && tableNode.value === undefined) {
    const hint = 'add `table: 100`, or `type: blackhole`';
    report(problem('missing-key', onValue(node), 'the rule does not say which table is asked', { hint }));
  }
  return {
    at: node.path,
    from: readSelector(child(node, 'from'), report),
    to: readSelector(child(node, 'to'), report),
    iif: readDevice(child(node, 'iif'), report),
    oif: readDevice(child(node, 'oif'), report),
    mark: readMark(child(node, 'mark'), report),
    table: action === 'lookup' ? (table ?? MAIN) : 0,
    priority: integer(child(node, 'priority')),
    action,
  };
}

const ACTIONS = ['lookup', 'blackhole', 'unreachable', 'prohibit'] as const;

const readSelector = (node: Node, report: Report): Rule['from'] =>
  node.value === 'all' ? null : readNetwork(node, report, 'allowed');

function readMark(node: Node, report: Report): Rule['mark'] {
  const whole = integer(node);
  if (whole !== null) return { value: whole, mask: 0xffffffff };
  const written = text(node);
  if (written === null) return null;
  const match = /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i.exec(written);
  const value = Number(match?.[1]);
  const mask = match?.[2] === undefined ? 0xffffffff : Number(match[2]);
  if (match && value <= 0xffffffff && mask <= 0xffffffff) return { value, mask };
  const message = `${JSON.stringify(written)} is not a firewall mark`;
  report(problem('bad-value', onValue(node), message, { hint: 'write 16, 0x10 or "0x10/0xff"' }));
  return null;
}
