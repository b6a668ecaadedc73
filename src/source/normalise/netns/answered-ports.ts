import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../../model/json.ts';
import type { TopologyValue } from '../../../model/topology.ts';
import {
  listItems,
  namedEntries,
  nonNull,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../cursor.ts';
import { quoteText } from '../address-errors.ts';

/** A port at which a program answers. */
export type AnsweredPort = {
  /** What it is called elsewhere in the file; null: nothing. */
  readonly name: string | null;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
};

/** Ports in a list, or in a map by their names. What is not a port is reported and left out. */
export function readAnsweredPorts(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologyValue<AnsweredPort>[] {
  const items = isJsonObject(node.value)
    ? namedEntries(node)
    : listItems(node).map((item) => ({ name: null, node: item }));
  return nonNull(items.map(({ name, node: item }) => withPath(item, readPort(item, name, report))));
}

function readPort(node: SourceCursor, name: string | null, report: SourceDiagnosticReporter): AnsweredPort | null {
  const { value } = node;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const port = parseAnsweredPort(String(value));
  if (port !== null) return { name, ...port };
  const hint = 'write a number from 1 to 65535, with /udp where it is not TCP, such as 53/udp';
  report(makeDiagnostic('bad-port', valueOfCursor(node), `${quoteText(String(value))} is not a port`, { hint }));
  return null;
}

/** `80`, `53/udp`, `80/TCP`; null: none of these. */
export function parseAnsweredPort(text: string): Omit<AnsweredPort, 'name'> | null {
  const [, number = '', protocol = 'tcp'] = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(text.toLowerCase()) ?? [];
  const port = Number(number);
  return port >= 1 && port <= 65535 ? { protocol: protocol === 'udp' ? 'udp' : 'tcp', port } : null;
}
