import type { PeerNetwork, TopologyPeer } from '../../model/lab-parts/peer.ts';
import { GROUP_WORDS } from '../../model/lab-parts/selector.ts';
import type { TopologyValue } from '../../model/topology.ts';
import { isLinkLocalAddress } from '../../net/address.ts';
import { isLoopback } from '../../net/loopback.ts';
import { parsePrefix, prefixContains, requirePrefix } from '../../net/prefix.ts';
import type { LabModel } from '../model.ts';
import { resolveNameAddresses } from '../naming/resolve-name.ts';
import { expandSelectors } from './expand.ts';

/** The networks that a peer stands for. `project`: where selectors look that name none; null: in all. */
export function networksOf(
  world: LabModel,
  peer: TopologyValue<TopologyPeer>,
  project: string | null,
): readonly PeerNetwork[] {
  const { value, at } = peer;
  if ('cidr' in value) return [value];
  if ('address' in value) return cidrsOf([value.address]);
  if (
    'ref' in value &&
    value.ref.part === null &&
    value.ref.name === GROUP_WORDS.outside &&
    !hasNamespace(world, value.ref.name)
  ) {
    const own = [...world.addressesByNetns.keys()].flatMap((netns) =>
      cidrsOf(podAddresses(world, netns)).map(({ cidr }) => cidr),
    );
    return [
      { cidr: '0.0.0.0/0', except: own.filter((one) => !one.includes(':')) },
      { cidr: '::/0', except: own.filter((one) => one.includes(':')) },
    ];
  }
  return expandSelectors(world, [{ value, at }], project).flatMap((one) => {
    if ('address' in one.value) return cidrsOf([one.value.address]);
    const addresses = resolveNameAddresses(world, { value: one.value.ref, at }) ?? [];
    return cidrsOf(addresses.map(({ address }) => address).filter(isUsual));
  });
}

const hasNamespace = ({ topology }: LabModel, wanted: string): boolean =>
  topology.namespaces.some(({ name }) => name === wanted);

/** The addresses at which others reach a namespace. */
export const podAddresses = (world: LabModel, netns: string): readonly string[] =>
  (world.addressesByNetns.get(netns) ?? []).map(({ address }) => address).filter(isUsual);

/** Whether an address is one that others send to: not of one link, nor of loopback. */
export const isUsual = (address: string): boolean => !isLinkLocalAddress(address) && !isLoopback(address);

/** Addresses as networks of one. */
export const cidrsOf = (addresses: readonly string[]): readonly PeerNetwork[] =>
  addresses.map((address) => ({
    cidr: `${address}/${address.includes(':') ? 128 : 32}`,
    except: [],
  }));

/** Each peer once. */
export const uniquePeers = (peers: readonly PeerNetwork[]): readonly PeerNetwork[] => [
  ...new Map(peers.map((one) => [JSON.stringify(one), one])).values(),
];

/** Whether networks of one address are in what is let through; `peers` null: everything is. */
export function createAmong(peers: readonly PeerNetwork[] | null): (cidr: string) => boolean {
  if (peers === null) return () => true;
  const single = new Set(peers.flatMap(({ cidr }) => (isSingle(cidr) ? [cidr] : [])));
  const wider = peers.filter(({ cidr }) => !isSingle(cidr));
  return (cidr) => {
    const address = parsePrefix(cidr);
    const isIn = (network: string): boolean => address !== null && prefixContains(requirePrefix(network), address);
    return single.has(cidr) || wider.some((one) => isIn(one.cidr) && !one.except.some(isIn));
  };
}

const isSingle = (cidr: string): boolean => cidr.endsWith(cidr.includes(':') ? '/128' : '/32');
