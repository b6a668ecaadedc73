import { planLine } from '../../kinds/plan-line.ts';
import { sameJson } from '../../model/json.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { WireguardPeerSpec, WireguardSpec } from './spec.ts';

/** A line for the device where it has something to say, and one for each peer. */
export function describePeers(operation: Operation<WireguardSpec>): readonly PlanLine[] {
  const { action, before, after } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const old = action === 'update' ? before : null;
  const own = ownText(old, spec);
  const names = [...new Set([...Object.keys(spec.peers), ...Object.keys(old?.peers ?? {})])];
  const lines = names.flatMap((publicKey): PlanLine[] => {
    const [was, is] = [old?.peers[publicKey] ?? null, spec.peers[publicKey] ?? null];
    const one = is ?? was;
    if (!one || (old && sameJson(was, is))) return [];
    const isNew = old !== null && was === null;
    const sign = old ? ({ ...operation, action: isNew ? 'create' : is ? 'update' : 'delete' } as const) : operation;
    const text = action === 'delete' || !is ? '' : was ? changeText(was, is) : peerText(is);
    const shown = `${spec.name} ${one.name === '' || one.name === publicKey ? `${publicKey.slice(0, 8)}…` : one.name}`;
    return [planLine(sign, { noun: 'peer', name: shown, text })];
  });
  const isShown = own !== '' || lines.length === 0;
  return [...(isShown ? [planLine(operation, { noun: 'device', name: spec.name, text: own })] : []), ...lines];
}

/** Of a device that changes: what changes; else where it listens. */
function ownText(old: WireguardSpec | null, spec: WireguardSpec): string {
  const port = (one: WireguardSpec) => (one.listenPort === 0 ? 'any port' : `port ${one.listenPort}`);
  const mark = (one: WireguardSpec) => `mark ${one.fwmark}`;
  if (!old)
    return [spec.listenPort === 0 ? '' : `listens on ${port(spec)}`, spec.fwmark === 0 ? '' : mark(spec)]
      .filter(Boolean)
      .join(', ');
  return [
    ...(old.key === spec.key ? [] : ['another private key']),
    ...(old.listenPort === spec.listenPort ? [] : [`${port(old)} → ${port(spec)}`]),
    ...(old.fwmark === spec.fwmark ? [] : [`${mark(old)} → ${spec.fwmark}`]),
  ].join(', ');
}

/** `at 192.168.50.2:51820, 10.9.0.2/32`. */
const peerText = ({ endpoint, allowedIps, keepalive, presharedKey }: WireguardPeerSpec): string =>
  [
    endpoint === null ? 'calls' : `at ${endpoint}`,
    allowedIps.join(', '),
    keepalive === 0 ? '' : `keepalive ${keepalive} s`,
    presharedKey === null ? '' : 'preshared key',
  ]
    .filter(Boolean)
    .join(', ');

const changeText = (was: WireguardPeerSpec, is: WireguardPeerSpec): string =>
  [
    ...(was.endpoint === is.endpoint ? [] : [`endpoint ${was.endpoint ?? 'none'} → ${is.endpoint ?? 'none'}`]),
    ...(sameJson(was.allowedIps, is.allowedIps)
      ? []
      : [`allowed ${was.allowedIps.join(' ') || 'none'} → ${is.allowedIps.join(' ') || 'none'}`]),
    ...(was.keepalive === is.keepalive ? [] : [`keepalive ${was.keepalive} → ${is.keepalive}`]),
    ...(was.presharedKey === is.presharedKey ? [] : ['another preshared key']),
  ].join(', ');
