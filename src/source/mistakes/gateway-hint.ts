import type { Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { formatFlowStyle } from './flow-style.ts';
import { valueAt } from './value-at.ts';

/**
 * Where a gateway is written that stands at an interface, which only takes true and false: at the bridge of its LAN, or
 * as a route. Null: another value.
 */
export function interfaceGatewayHint(root: Json, path: Path, value: Json): string | null {
  if (path.at(-1) !== 'gateway' || path.at(-3) !== 'interfaces' || typeof value !== 'string') return null;
  if (/^(?:yes|no|on|off)$/i.test(value)) return null;
  const route = `routes: ${formatFlowStyle([{ to: 'default', via: value }])}`;
  const owner = path[0] === 'namespaces' ? String(path[1]) : 'the host';
  const bridge = valueAt(root, [...path.slice(0, -1), 'bridge']);
  const bridges = isJsonObject(root) ? root['bridges'] : undefined;
  if (typeof bridge !== 'string' || !isJsonObject(bridges) || bridges[bridge] === undefined)
    return `leave it out here; write it for ${owner}: ${route}`;
  const written = bridges[bridge] ?? {};
  const settings = isJsonObject(written) ? written : { subnet: written };
  const wanted = formatFlowStyle({ ...settings, gateway: value });
  return `leave it out here; write it at the bridge, ${bridge}: ${wanted}, or for ${owner} alone: ${route}`;
}
