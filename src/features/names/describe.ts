import type { BlockSpec } from '../../kinds/define-block-kind.ts';
import { planLine } from '../../kinds/plan-line.ts';
import { sameJson } from '../../model/json.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import { isMachineLine } from './file-lines.ts';

/** One line for each file, by its path inside the namespace: `+ file /etc/hosts blue, router`. */
export function describeNameFiles(operation: Operation<BlockSpec>): readonly PlanLine[] {
  const before = operation.action === 'create' ? {} : (operation.before?.files ?? {});
  const after = operation.action === 'delete' ? {} : (operation.after?.files ?? {});
  const paths = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return paths
    .filter((path) => !sameJson(before[path], after[path]))
    .map((path) => {
      const name = operation.netns === 'host' ? path : `/etc${path.slice(path.lastIndexOf('/'))}`;
      const action = !(path in before) ? 'create' : path in after ? 'update' : 'delete';
      const text = fileChangeText({ name, before: before[path], after: after[path] });
      return planLine({ action, netns: operation.netns }, { noun: 'file', name, text });
    });
}

type HostsFileLines = BlockSpec['files'][string];
type HostsFileChange = {
  readonly name: string;
  readonly before: HostsFileLines | undefined;
  readonly after: HostsFileLines | undefined;
};

function fileChangeText({ name, before, after }: HostsFileChange): string {
  if (!after) return '';
  if (!before) return name.endsWith('hosts') ? hostsText(after) : after.join(', ');
  const added = subtractLines(after, before).map((line) => `+ ${line}`);
  const removed = subtractLines(before, after).map((line) => `- ${line}`);
  return short([...added, ...removed]) || 'the order of its lines';
}

function subtractLines(lines: HostsFileLines, others: HostsFileLines): HostsFileLines {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line));
}

/** The first name of each line, without localhost and the machine itself. The lines of many namespaces are one list, which is read once. */
function hostsText(lines: HostsFileLines): string {
  const known = hostsTexts.get(lines);
  if (known !== undefined) return known;
  const names = new Set(lines.filter((line) => !isMachineLine(line)).map((line) => line.split(' ')[1] ?? ''));
  const text = short([...names]);
  hostsTexts.set(lines, text);
  return text;
}

const hostsTexts = new WeakMap<HostsFileLines, string>();

/** The first few, and how many more there are. */
function short(items: readonly string[]): string {
  const more = items.length > MOST ? [`and ${items.length - MOST} more`] : [];
  return [...items.slice(0, MOST), ...more].join(', ');
}

const MOST = 6;
