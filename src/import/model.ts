import type { Json } from '../model/json.ts';
import type { ImportFacts } from '../model/kernel/import-facts.ts';
import type { AddressLive, LinkLive, NetnsLive } from '../model/kernel/live-state.ts';
import { unknownText } from '../model/kernel/unknown-attribute.ts';
import type { LinkKind, LinkKinds, LinkOptions } from '../model/link-kind.ts';
import { onLinkNetworkText } from '../net/prefix.ts';

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
   * no word for it: the files below /etc/netns.
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
  /** Whether another bridge is plugged into it, or a tunnel, or it keeps VLANs apart. */
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

/** The addresses of an interface that a topology can have. */
const writableAddresses = (found: ImportModel, { netns, link }: ImportEndpoint): readonly AddressLive[] =>
  (importNetnsState(found, netns)?.addresses ?? []).filter(
    ({ dev, scope, prefix, unknown }) =>
      dev === link.name && scope !== 'link' && !LOOPBACK.has(prefix) && unknown === undefined,
  );

/** `10.0.0.1/24`: without link-local ones, those of `lo` itself, and those with something that the language lacks. One with a peer is alone. */
export const endpointAddresses = (found: ImportModel, end: ImportEndpoint): readonly string[] =>
  writableAddresses(found, end).map(({ prefix, peer }) => (peer === undefined ? prefix : hostPrefix(prefix)));

/** Those that lie in a subnet: without those that have a peer. */
export const placedAddresses = (found: ImportModel, end: ImportEndpoint): readonly string[] =>
  writableAddresses(found, end).flatMap(({ prefix, peer }) => (peer === undefined ? [prefix] : []));

/** What the addresses of an interface make reachable through it: their subnets, or what is behind their peers. */
export const endpointSubnets = (found: ImportModel, end: ImportEndpoint): readonly string[] =>
  writableAddresses(found, end).map(({ prefix, peer }) => onLinkNetworkText(prefix, peer));

/** The addresses of an interface as a topology writes them; `shorten` leaves out a length that the subnet gives. */
export const writtenAddressValues = (
  found: ImportModel,
  end: ImportEndpoint,
  shorten: (prefix: string) => string = (prefix) => prefix,
): readonly Json[] =>
  writableAddresses(found, end).map(({ prefix, peer }) => {
    if (peer === undefined) return shorten(prefix);
    const [address = '', length] = prefix.split('/');
    return { address, peer: hostPrefix(prefix) === prefix ? peer : `${peer}/${length}` };
  });

function hostPrefix(prefix: string): string {
  const [address = ''] = prefix.split('/');
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

/** A line for each address of a namespace's links that has something that the language lacks. */
export const unknownAddresses = (found: ImportModel, netns: string, links: ReadonlySet<string>): readonly string[] =>
  (importNetnsState(found, netns)?.addresses ?? [])
    .filter(({ dev, scope, prefix }) => links.has(dev) && scope !== 'link' && !LOOPBACK.has(prefix))
    .flatMap(({ dev, prefix, peer, unknown = [] }) => {
      if (unknown.length === 0) return [];
      const more = unknownText({
        unknown: [...(peer === undefined ? [] : [{ name: 'peer', value: peer }]), ...unknown],
      });
      return [`address ${prefix} of ${dev} of ${netnsDisplayName(netns)}: ${more}`];
    });

const LOOPBACK = new Set(['127.0.0.1/8', '::1/128']);

/** How people call a namespace. */
export const netnsDisplayName = (netns: string): string => (netns === 'host' ? 'the machine' : netns);
