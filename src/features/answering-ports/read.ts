import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { TopologyValue } from '../../model/topology.ts';
import {
  listItems,
  namedEntries,
  nonNull,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';
import type { AnsweringPort, TopologyAnswers } from './topology.ts';

/** `answers` of a namespace; null: none is written. */
export function readAnswers(node: SourceCursor, report: SourceDiagnosticReporter): TopologyAnswers | null {
  if (node.value === undefined || node.value === null) return null;
  const items = isJsonObject(node.value)
    ? namedEntries(node).map((one) => ({ name: one.name, item: one.node }))
    : listItems(node).map((item) => ({ name: null, item }));
  return { at: node.path, ports: nonNull(items.map((one) => readPort(one, report))) };
}

const PORT = /^(\d{1,5})(?:\/(tcp|udp))?$/;

function readPort(
  { name, item }: { readonly name: string | null; readonly item: SourceCursor },
  report: SourceDiagnosticReporter,
): TopologyValue<AnsweringPort> | null {
  const { value } = item;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const [, number = '', protocol = 'tcp'] = PORT.exec(String(value)) ?? [];
  const port = Number(number);
  if (port >= 1 && port <= 65535)
    return withPath(item, { name, protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const), port });
  report(
    makeDiagnostic('bad-port', valueOfCursor(item), `${quoteText(String(value))} is not a port`, {
      hint: 'write a number from 1 to 65535, with /udp where it is not TCP, such as 53/udp',
    }),
  );
  return null;
}
