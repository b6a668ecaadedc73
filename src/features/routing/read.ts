import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { isJsonObject } from '../../model/json.ts';
import { canonicalAddress } from '../../net/address.ts';
import { formatPrefix, networkPrefix, parsePrefix } from '../../net/prefix.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';
import { readAddressOrRef } from '../../source/normalise/name.ts';
import type { TopologyBgpPeer, TopologyRouting } from './topology.ts';

/** `routing` of a namespace; null: none is written. */
export function readRouting(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRouting | null {
  if (!isJsonObject(node.value)) return null;
  const ospf = childCursor(node, 'ospf');
  const names = (key: string) =>
    nonNull(listItems(childCursor(ospf, key)).map((item) => withPath(item, readString(item))));
  return {
    at: node.path,
    engine: readString(childCursor(node, 'engine')) === 'frr' ? 'frr' : 'bird',
    bgp: readBgp(childCursor(node, 'bgp'), report),
    ospf: isJsonObject(ospf.value)
      ? {
          area: readArea(childCursor(ospf, 'area'), report),
          interfaces: names('interfaces'),
          passive: names('passive'),
        }
      : null,
  };
}

/** `routing` of the machine: BGP by bird, and each peer says what is taken from it: nothing else gets into the machine's own table. */
export function readHostRouting(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRouting | null {
  const written = readRouting(node, report);
  if (written === null) return null;
  const refuse = (at: SourceCursor, message: string, hint: string) =>
    report(makeDiagnostic('bad-value', valueOfCursor(at), message, { hint }));
  if (written.ospf !== null)
    refuse(childCursor(node, 'ospf'), 'the machine itself has no OSPF', 'write bgp, or use a namespace as router');
  if (written.engine === 'frr')
    refuse(
      childCursor(node, 'engine'),
      'on the machine itself only bird runs',
      'leave engine out: FRR clears routes of others',
    );
  const peers = (written.bgp?.peers ?? []).filter(({ value, at }) => {
    if (value.accept !== null) return true;
    const hint = 'write accept: [NETWORK], with which the machine learns nothing else';
    report(makeDiagnostic('bad-value', atValue(at), 'a peer of the machine itself without accept', { hint }));
    return false;
  });
  return { ...written, ospf: null, engine: 'bird', bgp: written.bgp && { ...written.bgp, peers } };
}

function readBgp(node: SourceCursor, report: SourceDiagnosticReporter): TopologyRouting['bgp'] {
  const asn = readInteger(childCursor(node, 'asn'));
  if (asn === null) return null;
  const told = listItems(childCursor(node, 'advertise'));
  return {
    asn,
    routerId: readRouterId(childCursor(node, 'routerId'), report),
    peers: nonNull(listItems(childCursor(node, 'peers')).map((item) => withPath(item, readPeer(item, report)))),
    networks: told.flatMap((item) => (item.value === CONNECTED ? [] : (readNetwork(item, report) ?? []))),
    connected: told.some(({ value }) => value === CONNECTED),
  };
}

const CONNECTED = 'connected';

function readPeer(node: SourceCursor, report: SourceDiagnosticReporter): TopologyBgpPeer | null {
  const isMap = isJsonObject(node.value);
  const target = readPeerTarget(node, isMap, report);
  if (target === null) return null;
  const accept = childCursor(node, 'accept');
  const asn = readInteger(childCursor(node, 'asn'));
  if ('address' in target && asn === null) {
    const hint = 'write { to: ADDRESS, asn: NUMBER }';
    report(makeDiagnostic('bad-value', valueOfCursor(node), `the peer ${target.address} has no asn`, { hint }));
    return null;
  }
  const networks = listItems(accept).flatMap((item) => readNetwork(item, report) ?? []);
  return { target, asn, accept: isMap && accept.value !== undefined ? networks : null };
}

function readPeerTarget(
  node: SourceCursor,
  isMap: boolean,
  report: SourceDiagnosticReporter,
): TopologyBgpPeer['target'] | null {
  if (!isMap) return readAddressOrRef(node, report);
  const [to, dev] = [childCursor(node, 'to'), childCursor(node, 'interface')];
  if ((to.value === undefined) === (dev.value === undefined)) {
    const what = to.value === undefined ? 'neither "to" nor "interface"' : 'both "to" and "interface"';
    const hint = 'write to: NAME, or interface: eth1 for whoever is at its other end';
    report(makeDiagnostic('bad-value', valueOfCursor(node), `a peer with ${what}`, { hint }));
    return null;
  }
  const name = readString(dev);
  return name === null ? readAddressOrRef(to, report) : { dev: name };
}

function readNetwork(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const written = readString(node);
  const prefix = written === null ? null : parsePrefix(written);
  if (prefix !== null) return formatPrefix(networkPrefix(prefix));
  const hint = 'write a network such as 10.1.0.0/24, or, to advertise, connected';
  if (written !== null)
    report(makeDiagnostic('bad-address', valueOfCursor(node), `${quoteText(written)} is not a network`, { hint }));
  return null;
}

function readRouterId(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const written = readString(node);
  if (written === null || (canonicalAddress(written) === written && !written.includes(':'))) return written;
  const hint = 'write four numbers, such as 1.1.1.1';
  report(makeDiagnostic('bad-value', valueOfCursor(node), `${quoteText(written)} is not a router id`, { hint }));
  return null;
}

function readArea(node: SourceCursor, report: SourceDiagnosticReporter): string {
  const written = node.value === undefined ? '0' : String(node.value);
  if (/^(?:\d{1,10}|\d{1,3}(?:\.\d{1,3}){3})$/.test(written)) return written;
  report(
    makeDiagnostic('bad-value', valueOfCursor(node), `${quoteText(written)} is not an area`, {
      hint: 'write 0 or 0.0.0.1',
    }),
  );
  return '0';
}
