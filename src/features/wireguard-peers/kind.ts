import { defineKind } from '../../kinds/define-kind.ts';
import { disruptionOf } from '../../kinds/disruption.ts';
import { restoreOriginal } from '../../kinds/observation.ts';
import { linkIdsOf, netnsIds, secretId } from '../../model/ids.ts';
import type { Instruction } from '../../model/instruction.ts';
import { sameJson } from '../../model/json.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import { describePeers } from './describe.ts';
import { privateKeyFile, sharedKeyFile } from './key-files.ts';
import { observePeers } from './observe.ts';
import { endpointText, parseEndpoint, type WireguardSpec } from './spec.ts';
import { labWireguard } from './topology.ts';

const definition: Kind<WireguardSpec> = {
  name: 'wireguard-device',
  compile,
  query: ({ netns, spec: { name, socket } }) => [
    { need: 'namespace', netns },
    { need: 'wireguard', netns, key: socket ?? name },
  ],
  observe: observePeers,
  immutable: ['netns', 'name', 'socket'],
  instructions,
  describe: describePeers,
  disrupts: disruptionOf((before, after) => (before.key === after.key ? 'none' : 'gone-for-a-moment')),
  restoreTo: restoreOriginal,
  boundToLabName: 'keys in a folder of its name',
};

/** What a WireGuard link has beside the link: its key, its port, its peers. */
export const wireguardDevice = defineKind(definition);

function compile(lab: Lab): readonly Resource<WireguardSpec>[] {
  const ids = linkIdsOf(lab);
  const devices = labWireguard(lab);
  const made = devices.flatMap(({ isMade, key, publicKey }) => (isMade ? [key, publicKey] : []));
  return devices.map((device) => {
    const { netns, dev, socket, key, listenPort, fwmark, at } = device;
    const link = ids.get(`${netns}/${dev}`);
    const place = { netns, dev };
    const peers = device.peers.map(
      ({ publicKey, name, presharedKey, endpoint, from, keepalive, allowedIps }) =>
        [publicKey, { name, presharedKey, endpoint: endpointText(endpoint), from, keepalive, allowedIps }] as const,
    );
    const files = [
      privateKeyFile(lab.name, place),
      ...device.peers.flatMap(({ publicKey, presharedKey }) =>
        presharedKey === null ? [] : [sharedKeyFile(lab.name, { ...place, publicKey })],
      ),
    ];
    return {
      kind: 'wireguard-device',
      id: `wireguard-device:${netns}/${dev}`,
      netns,
      spec: { netns, name: dev, socket, key, listenPort, fwmark, peers: Object.fromEntries(peers) },
      dependsOn: [
        ...netnsIds(netns),
        ...(link === undefined ? [] : [link]),
        ...files.map((path) => secretId(netns, path)),
      ],
      within: link === undefined ? netnsIds(netns) : [link],
      ...(made.length === 0 ? {} : { made }),
      ...(listenPort === 0 ? { unspecified: [['listenPort']] } : {}),
      blobs: lab.secrets.filter((one) => one.netns === netns && files.includes(one.path)).map(({ content }) => content),
      origin: at,
      note: null,
    };
  });
}

/** Only what changes is said, so that the sessions with other peers go on. */
function instructions(
  { action, before, after }: Operation<WireguardSpec>,
  phase: 'delete' | 'make',
  context: KindContext<WireguardSpec>,
): readonly (readonly Instruction[])[] {
  if (phase === 'delete') {
    if (!before) return [];
    const { netns, name, socket } = before;
    const empty = { key: null, listenPort: 0, fwmark: 0, peers: [], gone: 'others' } as const;
    return [[{ do: 'wireguard.set', netns, name, socket, ...empty }]];
  }
  if (!after) return [];
  const { netns, name, socket, key, listenPort, fwmark } = after;
  const old = action === 'update' ? before : null;
  const secret = (sha: string | null, path: string) =>
    sha === null ? null : { path, bytes: () => context.bytesOf?.(sha) ?? null };
  const place = { netns, dev: name };
  const changed = Object.entries(after.peers).filter(([id, peer]) => !sameJson(old?.peers[id] ?? null, peer));
  return [
    [
      {
        ...{ do: 'wireguard.set', netns, name, socket, listenPort, fwmark },
        key: secret(key, privateKeyFile(context.lab, place)),
        peers: changed.map(([publicKey, peer]) => ({
          publicKey,
          presharedKey: secret(peer.presharedKey, sharedKeyFile(context.lab, { ...place, publicKey })),
          endpoint: parseEndpoint(peer.endpoint),
          keepalive: peer.keepalive,
          allowedIps: peer.allowedIps,
        })),
        gone: old ? Object.keys(old.peers).filter((id) => !(id in after.peers)) : 'others',
      },
    ],
  ];
}
