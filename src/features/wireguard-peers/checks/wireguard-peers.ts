import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { type LabWireguard, type LabWireguardPeer, labWireguard } from '../topology.ts';

/** Peers of WireGuard links that cannot work as they are written, seen from both ends. */
export const wireguardPeersCheck: LabCheck = {
  name: 'wireguard-peers',
  code: 'NF2030',
  title: 'WireGuard peers that do not fit',
  explain:
    'A peer names something else than another WireGuard link, or is there twice; two peers of a link have the same `allowedIPs`, and only the last would count; or nothing may come from it. A warning: the other end does not name this one, has another preshared key, or neither of both knows where to call the other.',
  bad: `
bridges: { lan: 192.168.50.0/24 }
namespaces:
  a:
    interfaces:
      eth0: { bridge: lan }
      wg0: { wireguard: { listenPort: 51820, peers: [{ to: "b:wg0" }, { to: "c:wg0", allowedIPs: 10.9.0.2/32 }] }, address: 10.9.0.1/24 }
  b: { interfaces: { eth0: { bridge: lan }, wg0: { wireguard: { peers: [{ to: "a:wg0" }] }, address: 10.9.0.2/24 } } }
  c: { interfaces: { eth0: { bridge: lan }, wg0: { wireguard: {}, address: 10.9.0.3/24 } } }
`,
  good: `
bridges: { lan: 192.168.50.0/24 }
namespaces:
  a:
    interfaces:
      eth0: { bridge: lan }
      wg0: { wireguard: { listenPort: 51820, peers: [{ to: "b:wg0" }, { to: "c:wg0" }] }, address: 10.9.0.1/24 }
  b: { interfaces: { eth0: { bridge: lan }, wg0: { wireguard: { peers: [{ to: "a:wg0" }] }, address: 10.9.0.2/24 } } }
  c: { interfaces: { eth0: { bridge: lan }, wg0: { wireguard: { peers: [{ to: "a:wg0" }] }, address: 10.9.0.3/24 } } }
`,
  find: (_topology, lab) => {
    const devices = labWireguard(lab);
    const byKey = new Map(devices.map((device) => [device.publicKey, device]));
    return devices.flatMap((device) => [
      ...sharedNetworks(device),
      ...device.peers.flatMap((peer) => oneSided(device, peer, byKey.get(peer.publicKey))),
    ]);
  },
};

/** Networks that two peers of a device have. */
function sharedNetworks({ dev, netns, peers }: LabWireguard): readonly Diagnostic[] {
  const owners = new Map<string, LabWireguardPeer>();
  return peers.flatMap((peer) =>
    peer.allowedIps.flatMap((network) => {
      const first = owners.get(network);
      owners.set(network, first ?? peer);
      if (!first) return [];
      const message = `${network} of ${netns}:${dev} is behind ${first.name} and behind ${peer.name}`;
      return [
        makeDiagnostic('wireguard-peers', atValue(peer.at), message, {
          hint: 'write it at one of them',
          related: [{ at: atValue(first.at), message: 'the first time here' }],
        }),
      ];
    }),
  );
}

/** What the other end of a tunnel says of a device. */
function oneSided(
  device: LabWireguard,
  peer: LabWireguardPeer,
  other: LabWireguard | undefined,
): readonly Diagnostic[] {
  if (!other) return [];
  const name = `${device.netns}:${device.dev}`;
  const warn = (message: string, hint: string) => [
    makeDiagnostic('wireguard-peers', atValue(peer.at), message, { severity: 'warning', hint }),
  ];
  const back = other.peers.find(({ publicKey }) => publicKey === device.publicKey);
  if (!back)
    return warn(
      `${peer.name} does not have ${name} among its peers, and does not answer`,
      `write { to: "${name}" } there`,
    );
  // Of what is wrong with both ends, the first one speaks.
  const isFirst = name < peer.name;
  if (isFirst && peer.presharedKey !== back.presharedKey)
    return warn(`${name} and ${peer.name} do not have the same preshared key`, 'write the same presharedKey at both');
  if (isFirst && peer.endpoint === null && back.endpoint === null)
    return warn(
      `neither ${name} nor ${peer.name} knows where the other is`,
      'write endpoint at one of them; on a common LAN, listenPort at the other is enough',
    );
  return [];
}
