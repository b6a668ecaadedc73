import type { ImportFacts } from '../model/kernel/import-facts.ts';
import type { LinkLive, NetnsLive } from '../model/kernel/live-state.ts';
import type { LinkKind, LinkKinds, LinkOptions } from '../model/link-kind.ts';

/** The choice of what to import, and how. */
export type ImportOptions = {
  /** The lab's name. */
  readonly name: string;
  /** `touched`: of the machine only what the namespaces are connected to. `whole`: everything of it, too. */
  readonly host: 'touched' | 'whole';
  /** `exact`: the ports of bridges keep their names. `own`: netform names those that no command needs. */
  readonly ports: 'exact' | 'own';
  /**
   * `copy`: the topology makes the same elsewhere. `adopt`: it is for what is there, which stays as it is where a topology has
   * no word for it: the files below /etc/netns, and addresses with a peer.
   */
  readonly purpose: 'copy' | 'adopt';
};

/** One end of a link. */
export type ImportEndpoint = { readonly netns: string; readonly link: LinkLive };

/** A link of one end, with its kind and its options. */
export type OwnEndpoint = ImportEndpoint & { readonly kind: LinkKind; readonly options: LinkOptions };

/** A veth pair that is imported. `near` is the end that people name first. */
export type ImportVethPair = { readonly near: ImportEndpoint; readonly far: ImportEndpoint };

/** A bridge with all that is on its LAN: interfaces of any namespace, the bridge itself left out. */
export type ImportLan = {
  readonly bridge: ImportEndpoint;
  readonly members: readonly ImportEndpoint[];
  /** Whether another bridge is plugged into it, or a tunnel. */
  readonly isJoined: boolean;
};

/** The facts of an import, indexed. */
export type ImportModel = {
  readonly choice: ImportOptions;
  readonly inventory: ImportFacts;
  /** The namespaces and then the host. */
  readonly places: readonly string[];
  readonly pairs: readonly ImportVethPair[];
  /** Links with kinds of their own, with settings that a topology can have. */
  readonly own: readonly OwnEndpoint[];
  readonly linkKinds: LinkKinds;
  readonly lans: readonly ImportLan[];
  readonly unknown: (line: string) => void;
  /** Takes what is understood and cannot be said. */
  readonly leaveOut: (line: string) => void;
};

export const importEndpointKey = ({ netns, link }: ImportEndpoint): string => `${netns}/${link.name}`;

export const importNetnsState = ({ inventory }: ImportModel, netns: string): NetnsLive | null =>
  inventory.live.get({ need: 'namespace', netns });

/** The bridge that an end is a port of; null: none. */
export function lanOfPort(found: ImportModel, { netns, link }: ImportEndpoint): ImportLan | null {
  return found.lans.find(({ bridge }) => bridge.netns === netns && bridge.link.name === link.master) ?? null;
}

/** The LAN that an interface is on, or that a bridge is. */
export const lanOfEndpoint = (found: ImportModel, end: ImportEndpoint): ImportLan | null =>
  found.lans.find(({ bridge, members }) =>
    [bridge, ...members].some((one) => importEndpointKey(one) === importEndpointKey(end)),
  ) ?? null;

/** `10.0.0.1/24`: without link-local ones and those of `lo` itself. One with a peer is alone: its network is the peer's. */
export function endpointAddresses(found: ImportModel, { netns, link }: ImportEndpoint): readonly string[] {
  const peers = found.inventory.peers.get(netns) ?? [];
  return (importNetnsState(found, netns)?.addresses ?? [])
    .filter(({ dev, scope, prefix }) => dev === link.name && scope !== 'link' && !LOOPBACK.has(prefix))
    .flatMap(({ prefix }) => {
      const [address = ''] = prefix.split('/');
      if (!peers.some((one) => one.dev === link.name && one.address === address)) return [prefix];
      return found.choice.purpose === 'copy' ? [`${address}/${address.includes(':') ? 128 : 32}`] : [];
    });
}

const LOOPBACK = new Set(['127.0.0.1/8', '::1/128']);

/** How people call a namespace. */
export const netnsDisplayName = (netns: string): string => (netns === 'host' ? 'the machine' : netns);
