import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../../model/json.ts';
import type { TopologyHop } from '../../../model/topology.ts';
import {
  childCursor,
  readInteger,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';
import { readAddressRefOrSelector } from '../labels/selector.ts';
import { readDeviceName } from '../name.ts';

/** One item of `via`: an address or a name, `{to, weight, dev}`, or `{dev, weight}` for a link alone. */
export function readNextHop(node: SourceCursor, report: SourceDiagnosticReporter): TopologyHop | null {
  const isLong = isJsonObject(node.value);
  const toNode = isLong ? childCursor(node, 'to') : node;
  const dev = readDeviceName(childCursor(node, 'dev'), report);
  const weight = readInteger(childCursor(node, 'weight')) ?? 1;
  if (isLong && toNode.value === undefined) {
    if (childCursor(node, 'dev').value === undefined) {
      const hint = 'write `to: <address or name>`, or `dev: <interface>` for what is directly on that link';
      report(makeDiagnostic('missing-key', valueOfCursor(node), 'the next hop has neither "to" nor "dev"', { hint }));
    }
    return dev && { at: node.path, to: null, weight, dev };
  }
  const to = readAddressRefOrSelector(toNode, report);
  return to && { at: node.path, to, weight, dev };
}
