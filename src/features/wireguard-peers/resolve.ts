import type { LabModel, ModelLink } from '../../lab/model.ts';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import type { FilePlaces } from '../../model/files/file-places.ts';
import { netnsIds } from '../../model/ids.ts';
import type { LabProcess, LabStoredFile } from '../../model/kernel/lab-process.ts';
import type { NeedId, Query } from '../../model/kernel/need.ts';
import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { Topology, TopologyNetns } from '../../model/topology.ts';
import { sha256Latin1 } from '../../model/values/hash.ts';
import { makeWireguardKey, wireguardPublicKey } from '../../net/keys/wireguard-key.ts';
import { shortLinkName } from '../../net/name.ts';
import { wireguardFolder, wireguardGo, wireguardProcess, wireguardSocket } from '../../programs/wireguard-go.ts';
import { privateKeyFile, sharedKeyFile } from './key-files.ts';
import { keyPath, keyQuery, privateKeyContent, readKey, sharedKeyContent, unknownKey } from './keys.ts';
import type { OwnWireguard } from './own-wireguard.ts';
import { resolvePeers } from './peers.ts';
import { peerRoutes } from './routes.ts';
import {
  type KeySource,
  type LabKeySource,
  type LabWireguard,
  type TopologyWireguard,
  writtenWireguard,
} from './topology.ts';

const KERNEL = { need: 'link-kind', key: 'wireguard' } as const;

/** Whether the kernel has WireGuard; the keys that the topology names; those of devices that are there. */
export function wireguardQuery(topology: Topology, places: FilePlaces): Query {
  const links = everywhere(topology).flatMap((netns) => writtenWireguard(netns).map((own) => ({ netns, own })));
  if (links.length === 0) return [];
  return [
    KERNEL,
    ...links.flatMap(
      ({ netns, own }): Query => [
        ...sourcesOf(own, places).flatMap(({ path }) => keyQuery(path)),
        ...deviceNeeds(topology.name, netns.name, own.dev),
      ],
    ),
  ];
}

const everywhere = ({ namespaces, host }: Topology): readonly TopologyNetns[] => [...namespaces, host];

/** The device of a link that the kernel makes, and that of one that a program makes. */
function deviceNeeds(lab: string, netns: string, label: string): readonly DeviceNeed[] {
  const dev = shortLinkName(label);
  return [dev, wireguardSocket(lab, netns, dev)].map((key) => ({ need: 'wireguard', netns, key }));
}

type DeviceNeed = NeedId<'wireguard'>;

/** The WireGuard links of the lab, with what they need: keys, programs, ports, routes to what is behind their peers. */
export function resolveWireguard(context: FeatureContext): FeatureContribution {
  const { world, live, places } = context;
  const { topology } = world;
  const lab = topology.name;
  const all = everywhere(topology).flatMap((netns) =>
    writtenWireguard(netns).flatMap((written): OwnWireguard[] => {
      const link = world.wiring.devices.get(netns.name)?.get(written.dev);
      if (link?.kind !== 'own') return [];
      const key = ownKey(context, link, written);
      return [{ link, written, key, publicKey: wireguardPublicKey(key.trim()) ?? '' }];
    }),
  );
  if (all.length === 0) return {};
  const isByProgram = live.get(KERNEL) === false;
  const secrets: LabStoredFile[] = [];
  const devices = all.map((own): LabWireguard => {
    const { link, written, key, publicKey } = own;
    const { netns, name: dev } = link;
    const isMade = written.privateKey === null;
    const keep = (path: string, content: string, at: LabStoredFile['at']): string => {
      secrets.push({ netns, path, content, at, ...(content === key && isMade ? { isMade } : {}) });
      return sha256Latin1(content);
    };
    const shared = (source: KeySource, of: string, at: LabStoredFile['at']): string => {
      const read = readKey({ written: source, path: keyPath(source, places) }, live);
      const text = 'key' in read ? read.key : unknownKey(of);
      return keep(sharedKeyFile(lab, { netns, dev, publicKey: of }), sharedKeyContent(text), at);
    };
    return {
      ...{ netns, dev, publicKey, isMade, at: written.at },
      socket: isByProgram ? wireguardSocket(lab, netns, dev) : null,
      key: keep(privateKeyFile(lab, { netns, dev }), key, written.privateKey?.at ?? written.at),
      listenPort: written.listenPort?.value ?? 0,
      fwmark: written.fwmark,
      peers: resolvePeers(world, own, { all, shared }),
      sources: sourcesOf(written, places),
    };
  });
  return {
    value: devices,
    secrets,
    processes: isByProgram ? devices.map((device) => programOf(world, device)) : [],
    ports: devices.flatMap((device) => portClaims(device, live.get(deviceOf(device))?.listenPort ?? 0)),
    routes: devices.flatMap((device) => peerRoutes(context, device)),
  };
}

/** The written key; else the one that the lab has already, or a device that is there; else a new one. Without a machine, nothing is made. */
function ownKey(
  { world, live, places, secretOf }: FeatureContext,
  link: ModelLink,
  written: TopologyWireguard,
): string {
  const { netns, name: dev } = link;
  if (written.privateKey !== null) {
    const source = written.privateKey.value;
    const read = readKey({ written: source, path: keyPath(source, places) }, live);
    return privateKeyContent('key' in read ? read.key : unknownKey(`${netns}/${dev}`));
  }
  const recorded = secretOf(netns, privateKeyFile(world.topology.name, { netns, dev }));
  const [kernel] = deviceNeeds(world.topology.name, netns, dev);
  const found = (kernel && live.get(kernel)?.privateKey) ?? null;
  const isOffline = live.get(KERNEL) === null;
  return recorded ?? privateKeyContent(found ?? (isOffline ? unknownKey(`${netns}/${dev}`) : makeWireguardKey()));
}

/** The files with keys that a link names. */
function sourcesOf({ privateKey, peers }: TopologyWireguard, places: FilePlaces): readonly LabKeySource[] {
  return [privateKey, ...peers.map(({ presharedKey }) => presharedKey)].flatMap((source) =>
    source === null ? [] : [{ written: source.value, path: keyPath(source.value, places), at: source.at }],
  );
}

function programOf({ topology: { name: lab } }: LabModel, { netns, dev, at }: LabWireguard): LabProcess {
  const place = {
    ...{ netns, name: wireguardProcess(dev), after: netnsIds(netns), at },
    folder: wireguardFolder(lab, netns, dev),
  };
  return { ...wireguardGo({ link: dev }, place).process, reason: 'because this kernel has no WireGuard' };
}

const deviceOf = ({ netns, dev, socket }: LabWireguard): DeviceNeed => ({
  need: 'wireguard',
  netns,
  key: socket ?? dev,
});

const portClaims = ({ netns, dev, listenPort, at }: LabWireguard, held: number): readonly LabPortClaim[] =>
  listenPort === 0
    ? []
    : ([4, 6] as const).map((family) => ({
        ...{ netns, family, address: null, ports: { first: listenPort, last: listenPort } },
        ...{ protocols: ['udp'], use: `listened on by ${dev}`, at: [...at, 'listenPort'] },
        ...(held === listenPort ? { isHeld: true } : {}),
      }));
