import type { TopologyNeighbour } from '../../model/topology.ts';
import { childCursor, listItems, nonNull, type SourceCursor, type SourceDiagnosticReporter } from '../cursor.ts';
import { readMacValue } from './address.ts';
import { readAddressOrRef, readDeviceName } from './name.ts';

export function readNeighbours(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyNeighbour[] {
  return nonNull(
    listItems(node).map((item) => {
      const to = readAddressOrRef(childCursor(item, 'to'), report);
      const mac = readMacValue(childCursor(item, 'mac'), report);
      const dev = readDeviceName(childCursor(item, 'dev'), report);
      return to && mac && dev && { at: item.path, to, mac, dev };
    }),
  );
}
