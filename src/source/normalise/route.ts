import { problem } from '../../model/diagnostic.ts';
import type { Hop, Route } from '../../model/topology.ts';
import { child, flag, integer, isRecord, items, type Node, onValue, present, type Report, text } from '../node.ts';
import { readAddress, readNetwork } from './address.ts';
import { looksLikeAddress } from './address-words.ts';
import { readDevice, readRef, readTarget } from './name.ts';
import { MAIN, readTable } from './table.ts';

export function readRoutes(node: Node, report: Report): readonly Route[] {
  return present(items(node).map((item) => readRoute(item, report)));
}

function readRoute(node: Node, report: Report): Route | null {
  const to = readDestination(child(node, 'to'), report);
  const type = TYPES.find((type) => type === text(child(node, 'type'))) ?? 'unicast';
  const written = items(child(node, 'via'));
  const via = present(written.map((item) => readHop(item, report)));
  const dev = readDevice(child(node, 'dev'), report);
  const hops = written.length > 0 || child(node, 'dev').value !== undefined;
  if (isRecord(node.value) && type === 'unicast' && !hops) {
    const hint = 'add `via: <address or name>`, or `type: blackhole`';
    report(problem('missing-key', onValue(node), 'the route does not say where to: neither "via" nor "dev"', { hint }));
  }
  if (type !== 'unicast' && hops) {
    const message = `a route of type ${type} has no "via" and no "dev"`;
    report(
      problem('bad-value', onValue(child(node, 'type')), message, { hint: 'leave them out, or leave out the type' }),
    );
  }
  // A route without its only next hop would be checked for what nobody wrote.
  if (!to || via.length < written.length || (type === 'unicast' && via.length === 0 && !dev)) return null;
  return {
    at: node.path,
    to,
    type,
    via: type === 'unicast' ? via : [],
    dev,
    src: readAddress(child(node, 'src'), report),
    metric: integer(child(node, 'metric')),
    table: readTable(child(node, 'table'), report) ?? MAIN,
    onlink: flag(child(node, 'onlink')) ?? false,
    mtu: integer(child(node, 'mtu')),
  };
}

const TYPES = ['unicast', 'blackhole', 'unreachable', 'prohibit'] as const;

function readDestination(node: Node, report: Report): Route['to'] | null {
  const written = text(node);
  if (written === null) return null;
  if (written === 'default') return { value: 'default', at: node.path };
  if (looksLikeAddress(written)) {
    const network = readNetwork(node, report, 'allowed');
    return network && { value: { prefix: network.value }, at: node.path };
  }
  const ref = readRef(node, report, 'write default, a network, an address, or a name');
  return ref && { value: { ref: ref.value }, at: node.path };
}

function readHop(node: Node, report: Report): Hop | null {
  const long = isRecord(node.value);
  const to = readTarget(long ? child(node, 'to') : node, report);
  const dev = readDevice(child(node, 'dev'), report);
  return to && { at: node.path, to, weight: integer(child(node, 'weight')) ?? 1, dev };
}
