import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { FirewallVerdict } from '../../model/lab-parts/firewall-rule.ts';
import type { TopologyValue } from '../../model/topology.ts';
import { closestMatch } from '../../net/closest-match.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  nonNull,
  readBoolean,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { readPeer, readPeerPort } from '../../source/normalise/labels/peer.ts';
import { readDeviceName } from '../../source/normalise/name.ts';
import { nftProtocols, protocolWords } from './protocols.ts';
import type { TopologyFirewall, TopologyFirewallEntry } from './topology.ts';

/** `firewall` of a namespace, or of the machine; null: there is none. What is wrong with a part is reported, and the part left out. */
export function readFirewall(node: SourceCursor, report: SourceDiagnosticReporter): TopologyFirewall | null {
  if (!isJsonObject(node.value)) return null;
  const entries = (['deny', 'allow'] as const).flatMap((sort) =>
    listItems(childCursor(node, sort)).flatMap((item) =>
      isJsonObject(item.value) ? [readEntry(sort, item, report)] : [],
    ),
  );
  const flag = (key: string): boolean => readBoolean(childCursor(node, key)) ?? false;
  const verdict = (direction: string): FirewallVerdict => {
    const written = readString(childCursor(node, direction));
    return written === 'drop' || written === 'reject' ? written : 'accept';
  };
  return {
    at: node.path,
    input: verdict('input'),
    forward: verdict('forward'),
    output: verdict('output'),
    log: flag('log'),
    clampMss: flag('clampMss'),
    entries: nonNull(entries),
  };
}

/** Null, reported: a part of it cannot be read. Without that part it would be about more than is written. */
function readEntry(
  sort: 'deny' | 'allow',
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): TopologyFirewallEntry | null {
  let isSound = true;
  const list = <T>(key: string, read: (item: SourceCursor) => TopologyValue<T> | null) => {
    const at = childCursor(node, key);
    if (at.value === undefined) return null;
    const items = listItems(at).map(read);
    if (items.includes(null)) isSound = false;
    return nonNull(items);
  };
  const peers = (key: 'from' | 'to') => list(key, (item) => withPath(item, readPeer(item, report)));
  const links = (key: 'in' | 'out') => list(key, (item) => readDeviceName(item, report));
  const entry = {
    at: node.path,
    sort,
    from: peers('from'),
    to: peers('to'),
    in: links('in'),
    out: links('out'),
    proto: list('proto', (item) => withPath(item, readProtocol(item, report))),
    ports: list('ports', (item) => withPath(item, readPeerPort(item, report))),
    reject: readBoolean(childCursor(node, 'reject')) ?? false,
    log: readLog(childCursor(node, 'log'), report),
  };
  if (entry.proto !== null && entry.ports !== null) {
    const proto = childCursor(node, 'proto');
    const [first] = entry.proto;
    const hint = `leave proto out, and write it behind the ports, as 53/${first?.value === 'udp' ? 'udp' : 'tcp'}`;
    report(makeDiagnostic('bad-value', keyOfCursor(proto), 'one entry has either proto or ports', { hint }));
    return null;
  }
  return isSound ? entry : null;
}

function readProtocol(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const written = typeof node.value === 'number' ? String(node.value) : readString(node)?.toLowerCase();
  if (written === undefined) return null;
  if (nftProtocols(written) !== null) return written;
  const meant = /^(?:icmpv6|icmp6|ipv6-icmp|ping)$/.test(written) ? 'icmp' : closestMatch(written, protocolWords);
  const hint =
    meant === null ? `write ${protocolWords.join(', ')}, or a number from 1 to 255` : `did you mean ${meant}?`;
  report(makeDiagnostic('bad-value', valueOfCursor(node), `${JSON.stringify(written)} is not a protocol`, { hint }));
  return null;
}

function readLog(node: SourceCursor, report: SourceDiagnosticReporter): string | boolean {
  const written = readString(node);
  if (written === null) return readBoolean(node) ?? false;
  if (/^[A-Za-z0-9][A-Za-z0-9_.:/ -]{0,39}$/.test(written)) return written;
  const hint = 'write at most 40 letters, digits, spaces and ._:/-';
  report(
    makeDiagnostic('bad-value', valueOfCursor(node), `${JSON.stringify(written)} cannot begin a line of the log`, {
      hint,
    }),
  );
  return false;
}
