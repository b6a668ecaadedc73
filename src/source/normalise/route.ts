import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { TopologyHop, TopologyRoute } from '../../model/topology.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readBoolean,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../cursor.ts';
import { readAddressValue, readNetwork } from './address.ts';
import { looksLikeAddress } from './address-errors.ts';
import { readAddressOrRef, readDeviceName, readRef } from './name.ts';
import { readTable } from './routing-table.ts';

export function readRoutes(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyRoute[] {
  return nonNull(listItems(node).map((item) => readRoute(item, report)));
}

function readRoute(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRoute | null {
  const to = readDestination(childCursor(node, 'to'), report);
  const type = TYPES.find((type) => type === readString(childCursor(node, 'type'))) ?? 'unicast';
  const written = listItems(childCursor(node, 'via'));
  const via = nonNull(written.map((item) => readHop(item, report)));
  const dev = readDeviceName(childCursor(node, 'dev'), report);
  const hops = written.length > 0 || childCursor(node, 'dev').value !== undefined;
  if (isJsonObject(node.value) && type === 'unicast' && !hops) {
    const hint = 'add `via: <address or name>`, or `type: blackhole`';
    report(
      makeDiagnostic('missing-key', valueOfCursor(node), 'the route does not say where to: neither "via" nor "dev"', {
        hint,
      }),
    );
  }
  if (type !== 'unicast' && hops) {
    const message = `a route of type ${type} has no "via" and no "dev"`;
    report(
      makeDiagnostic('bad-value', valueOfCursor(childCursor(node, 'type')), message, {
        hint: 'leave them out, or leave out the type',
      }),
    );
  }
  // A route without its only next hop would be checked for what is not in the file.
  if (!to || via.length < written.length || (type === 'unicast' && via.length === 0 && !dev)) return null;
  return {
    at: node.path,
    to,
    type,
    via: type === 'unicast' ? via : [],
    dev,
    src: readAddressValue(childCursor(node, 'src'), report),
    metric: readInteger(childCursor(node, 'metric')),
    table: readTable(childCursor(node, 'table'), report) ?? RT_TABLE_MAIN,
    onlink: readBoolean(childCursor(node, 'onlink')) ?? false,
    mtu: readInteger(childCursor(node, 'mtu')),
  };
}

const TYPES = ['unicast', 'blackhole', 'unreachable', 'prohibit'] as const;

function readDestination(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRoute['to'] | null {
  const written = readString(node);
  if (written === null) return null;
  if (written === 'default') return { value: 'default', at: node.path };
  if (looksLikeAddress(written)) {
    const network = readNetwork(node, report, 'allowed');
    return network && { value: { prefix: network.value }, at: node.path };
  }
  const ref = readRef(node, report, 'write default, a network, an address, or a name');
  return ref && { value: { ref: ref.value }, at: node.path };
}

function readHop(node: SourceCursor, report: SourceDiagnosticReporter): TopologyHop | null {
  const long = isJsonObject(node.value);
  const to = readAddressOrRef(long ? childCursor(node, 'to') : node, report);
  const dev = readDeviceName(childCursor(node, 'dev'), report);
  return to && { at: node.path, to, weight: readInteger(childCursor(node, 'weight')) ?? 1, dev };
}
