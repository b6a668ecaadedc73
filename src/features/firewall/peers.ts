import { formatRef, joinLimited } from '../../lab/messages.ts';
import type { LabModel } from '../../lab/model.ts';
import { type NetworkNamePlace, resolveNetworkName } from '../../lab/naming/network-names.ts';
import { networksOf, uniquePeers } from '../../lab/selectors/peers.ts';
import { selectorText } from '../../lab/selectors/select.ts';
import type { PeerNetwork, TopologyPeer } from '../../model/lab-parts/peer.ts';
import { GROUP_WORDS } from '../../model/lab-parts/selector.ts';
import type { TopologyRef, TopologyValue } from '../../model/topology.ts';

/** The networks that `from` or `to` stands for, bridges and subnets among them; null: everything. */
export const firewallPeers = (
  world: LabModel,
  peers: readonly TopologyValue<TopologyPeer>[] | null,
  place: NetworkNamePlace,
): readonly PeerNetwork[] | null =>
  peers &&
  uniquePeers(
    peers.flatMap(({ value, at }) => {
      if (!('ref' in value) || isGroup(world, value.ref, place)) return networksOf(world, { value, at }, null);
      const networks = resolveNetworkName(world, { value: value.ref, at }, place) ?? [];
      return networks.filter(isReachable).map((cidr) => ({ cidr, except: [] }));
    }),
  );

/** `any` and `outside`, unless something of the lab has that name. */
function isGroup({ wiring, topology }: LabModel, { name, part }: TopologyRef, { bridges }: NetworkNamePlace): boolean {
  if (part !== null || !Object.values<string>(GROUP_WORDS).includes(name)) return false;
  if (name === GROUP_WORDS.any) return true;
  const isBridge = [...bridges.values()].some(({ label }) => label === name);
  return !isBridge && !wiring.devices.has(name) && !topology.subnets.some((one) => one.name === name);
}

/** Not of one link, nor of loopback. */
const isReachable = (cidr: string): boolean => !/^(?:fe[89ab][0-9a-f]:|127\.|::1\/128$)/.test(cidr);

/** `lan, 10.0.0.0/8 but 10.9.0.0/16`. */
export const peersText = (peers: readonly TopologyValue<TopologyPeer>[]): string =>
  joinLimited(peers.map(({ value }) => peerText(value)));

function peerText(peer: TopologyPeer): string {
  if ('ref' in peer) return formatRef(peer.ref);
  if ('selector' in peer) return selectorText(peer.selector);
  if ('address' in peer) return peer.address;
  return peer.except.length === 0 ? peer.cidr : `${peer.cidr} but ${peer.except.join(' and ')}`;
}
