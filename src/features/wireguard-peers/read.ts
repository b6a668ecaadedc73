import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { TopologyValue } from '../../model/topology.ts';
import { canonicalAddress } from '../../net/address.ts';
import { wireguardKeyBytes } from '../../net/keys/wireguard-key.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  namedEntries,
  nonNull,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { readNetwork } from '../../source/normalise/address.ts';
import { readSeconds } from '../../source/normalise/duration.ts';
import { readRef } from '../../source/normalise/name.ts';
import type { KeySource, TopologyWireguard, TopologyWireguardPeer } from './topology.ts';

/** `wireguard` of the interfaces of a namespace. A peer that is wrong is reported and left out. */
export const readWireguardLinks = (
  interfaces: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologyWireguard[] =>
  namedEntries(interfaces).flatMap(({ name, node }) => {
    const written = childCursor(node, 'wireguard');
    if (written.value === undefined) return [];
    const listenPort = childCursor(written, 'listenPort');
    return [
      {
        dev: name,
        at: written.path,
        listenPort: withPath(listenPort, readInteger(listenPort)),
        privateKey: readKeySource(childCursor(written, 'privateKey')),
        fwmark: readInteger(childCursor(written, 'fwmark')) ?? 0,
        peers: nonNull(listItems(childCursor(written, 'peers')).map((peer) => readPeer(peer, report))),
      },
    ];
  });

function readKeySource(node: SourceCursor): TopologyValue<KeySource> | null {
  const [file, credential] = [readString(childCursor(node, 'file')), readString(childCursor(node, 'credential'))];
  return withPath(node, file !== null ? { file } : credential === null ? null : { credential });
}

function readPeer(node: SourceCursor, report: SourceDiagnosticReporter): TopologyWireguardPeer | null {
  if (!isJsonObject(node.value)) return null;
  const who = readWho(node, report);
  const endpoint = childCursor(node, 'endpoint');
  const allowed = childCursor(node, 'allowedIPs');
  const read = {
    at: node.path,
    endpoint: readEndpoint(endpoint, report),
    allowedIPs:
      allowed.value === undefined
        ? null
        : nonNull(listItems(allowed).map((one) => readNetwork(one, report, 'allowed'))),
    keepalive: readSeconds(childCursor(node, 'keepalive'), report, { first: 1, last: 65535 }) ?? 0,
    presharedKey: readKeySource(childCursor(node, 'presharedKey')),
  };
  return who && { ...read, who };
}

function readWho(node: SourceCursor, report: SourceDiagnosticReporter): TopologyWireguardPeer['who'] | null {
  const [to, publicKey] = [childCursor(node, 'to'), childCursor(node, 'publicKey')];
  const fail = (at: ReturnType<typeof valueOfCursor>, message: string, hint: string): null => {
    report(makeDiagnostic('bad-wireguard-peer', at, message, { hint }));
    return null;
  };
  if (to.value !== undefined && publicKey.value !== undefined)
    return fail(keyOfCursor(publicKey), 'the key of a link of this lab is known', 'leave out publicKey, or to');
  if (to.value !== undefined) {
    const ref = readRef(to, report, 'write namespace:interface');
    return ref && { to: ref };
  }
  const written = readString(publicKey);
  if (written === null)
    return fail(
      valueOfCursor(node),
      'this peer has neither a name nor a key',
      'write to: "namespace:interface", or publicKey',
    );
  if (wireguardKeyBytes(written) === null)
    return fail(
      valueOfCursor(publicKey),
      `${JSON.stringify(written)} is not a public key`,
      'write the 44 characters that "wg pubkey" prints',
    );
  return { publicKey: { value: written, at: publicKey.path } };
}

function readEndpoint(node: SourceCursor, report: SourceDiagnosticReporter): TopologyWireguardPeer['endpoint'] {
  const written = readString(node);
  if (written === null) return null;
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(written) ?? [];
  const address = canonicalAddress(bracketed ?? plain ?? '');
  const port = Number(digits);
  if (address !== null && address.includes(':') === (bracketed !== undefined) && port > 0 && port < 65536)
    return { value: { address, port }, at: node.path };
  const message = `${JSON.stringify(written)} is not an address with a port`;
  const hint = 'write 203.0.113.9:51820, or "[2001:db8::9]:51820"';
  report(makeDiagnostic('bad-wireguard-peer', valueOfCursor(node), message, { hint }));
  return null;
}

/** The entry of `bad-wireguard-peer` in docs/checks.md. */
export const badWireguardPeerDoc: CheckDoc = {
  name: 'bad-wireguard-peer',
  code: 'NF1045',
  title: 'A WireGuard peer that cannot be read',
  explain:
    'A peer is either a link of this lab (`to`) or has a public key of 32 bytes in base64. Its endpoint is an address and a port: names are not looked up, because a device keeps the address that they had once.',
  bad: `
namespaces:
  a:
    interfaces:
      wg0: { wireguard: { peers: [{ publicKey: "c2hvcnQ=", endpoint: "vpn.example.org:51820" }] }, address: 10.9.0.1/24 }
`,
  good: `
namespaces:
  a:
    interfaces:
      wg0:
        wireguard:
          peers:
            - publicKey: hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=
              endpoint: 203.0.113.9:51820
              allowedIPs: 10.9.0.9/32
        address: 10.9.0.1/24
`,
};
