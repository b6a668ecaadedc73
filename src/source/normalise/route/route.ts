import type { RouteType } from '../../../model/instruction.ts';
import { isJsonObject } from '../../../model/json.ts';
import { RT_TABLE_LOCAL, RT_TABLE_MAIN } from '../../../model/kernel/rtnetlink.ts';
import type { TopologyRoute } from '../../../model/topology.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readBoolean,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
} from '../../cursor.ts';
import { readAddressValue, readNetwork } from '../address.ts';
import { looksLikeAddress } from '../address-errors.ts';
import { readDeviceName, readRef } from '../name.ts';
import { readTable } from '../routing-table.ts';
import { reportRouteContradictions } from './contradictions.ts';
import { readNextHop } from './next-hop.ts';
import { readRouteOptions } from './route-options.ts';

/** The entries of `routes`, each with its problems reported; those that lead nowhere are left out. */
export function readRoutes(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyRoute[] {
  return nonNull(listItems(node).map((item) => readRoute(item, report)));
}

function readRoute(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRoute | null {
  const to = readDestination(childCursor(node, 'to'), report);
  const type = TYPES.find((type) => type === readString(childCursor(node, 'type'))) ?? 'unicast';
  const written = listItems(childCursor(node, 'via'));
  const via = nonNull(written.map((item) => readNextHop(item, report)));
  const dev = readDeviceName(childCursor(node, 'dev'), report);
  const options = readRouteOptions(node, report);
  const isSound = isJsonObject(node.value) && reportRouteContradictions(node, report, { type, options });
  // A route without its only next hop would be checked for what is not in the file.
  if (!to || !isSound || via.length < written.length) return null;
  if (LEADS.includes(type) && via.length === 0 && !dev) return null;
  return {
    at: node.path,
    to,
    type,
    via: type === 'unicast' ? via : [],
    dev,
    src: readAddressValue(childCursor(node, 'src'), report),
    metric: readInteger(childCursor(node, 'metric')),
    // As `ip route add local` has it.
    table: readTable(childCursor(node, 'table'), report) ?? (type === 'local' ? RT_TABLE_LOCAL : RT_TABLE_MAIN),
    onlink: readBoolean(childCursor(node, 'onlink')) ?? false,
    mtu: readInteger(childCursor(node, 'mtu')),
    options,
  };
}

const TYPES: readonly RouteType[] = ['unicast', 'local', 'throw', 'blackhole', 'unreachable', 'prohibit'];
const LEADS: readonly RouteType[] = ['unicast', 'local'];

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
