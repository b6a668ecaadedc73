import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { AddressLive, NetnsLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { unknownText } from '../../model/kernel/unknown-attribute.ts';
import type { KindContext } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { onLinkNetworkText } from '../../net/prefix.ts';
import {
  absentObservation,
  blockingObservation,
  foreignObservation,
  ownObservation,
  protocolOwner,
} from '../observation.ts';
import type { AddressSpec } from './spec.ts';

/**
 * Those of the link's addresses that are wanted or recorded. One that failed duplicate address detection is as good as
 * not there. On a NIC of the machine's own they have to be ours by their protocol, or on kernels that keep none (before
 * 5.18) by the state; on a link of the lab's the state says it.
 */
export function observeAddresses(
  live: LiveState,
  resource: Resource<AddressSpec>,
  context: KindContext<AddressSpec>,
): Observation<AddressSpec> {
  const { dev, prefixes, existing } = resource.spec;
  const there = live.get({ need: 'namespace', netns: resource.netns });
  if (!there?.links.has(dev)) return absentObservation;
  const known = context.recorded?.spec.prefixes ?? [];
  const peers = { ...context.recorded?.spec.peers, ...resource.spec.peers };
  const meant = new Set([...prefixes, ...known]);
  const named = there.addresses.filter((item) => item.dev === dev && meant.has(item.prefix) && !item.dadFailed);
  const present = named.filter((item) => item.peer === peers[item.prefix] && item.unknown === undefined);
  const inTheWay = named.filter((item) => !present.includes(item) && isInTheWay(item, peers[item.prefix]));
  const shown = inTheWay.length > 0 ? inTheWay : present;
  if (shown.length === 0) return absentObservation;
  const isOurs = ownerOf(there, resource.spec, context);
  const others = present.filter((item) => !isOurs(item));
  const order = inOrder(new Set(shown.map(({ prefix }) => prefix)), prefixes, known);
  const spec = { dev, prefixes: order, existing, ...peersOf(shown) };
  if (inTheWay.length > 0) return blockingObservation(spec, inTheWay.map(howItDiffers).join(', '), remedyFor(inTheWay));
  if (others.length === 0) return ownObservation(spec);
  const former = Object.fromEntries(others.map(({ prefix, protocol }) => [prefix, protocol ?? 0]));
  const details = detailsOf(others);
  const theirs = { ...spec, former, ...(Object.keys(details).length > 0 ? { details } : {}) };
  return foreignObservation(theirs, others.map(whose).join(', '));
}

/**
 * Whether the kernel refuses the wanted address while this one is there. Of IPv4 both must be in one subnet, which is that
 * of the peer (`__inet_insert_ifa` in net/ipv4/devinet.c); otherwise they are two addresses.
 */
function isInTheWay(item: AddressLive, wantedPeer: string | undefined): boolean {
  if (item.prefix.includes(':') || item.peer === wantedPeer) return true;
  return onLinkNetworkText(item.prefix, item.peer) === onLinkNetworkText(item.prefix, wantedPeer);
}

/** A peer has a word; other things have none. */
const remedyFor = (items: readonly AddressLive[]): string =>
  items.every(({ unknown = [] }) => unknown.length === 0)
    ? 'write the `peer` that it has, remove it, or choose another address'
    : 'remove it or choose another: netform has no word for that, and does not adopt what it could not restore';

function howItDiffers({ prefix, peer, unknown = [] }: AddressLive): string {
  const more = unknownText({ unknown: [...(peer === undefined ? [] : [{ name: 'peer', value: peer }]), ...unknown] });
  return `${prefix} has ${more === '' ? 'no peer' : more}`;
}

/** For spreading: the peers of addresses, where there are any. */
function peersOf(items: readonly AddressLive[]): Pick<AddressSpec, 'peers'> {
  const peers = items.flatMap(({ prefix, peer }) => (peer === undefined ? [] : [[prefix, peer] as const]));
  return peers.length === 0 ? {} : { peers: Object.fromEntries(peers) };
}

/** The labels that are not the name of the link, and the broadcast addresses; `brd +` of `ip` gives one. */
const detailsOf = (items: readonly AddressLive[]): NonNullable<AddressSpec['details']> =>
  Object.fromEntries(
    items.flatMap(({ dev, prefix, label = dev, broadcast }) => {
      const details = { ...(label === dev ? {} : { label }), ...(broadcast === undefined ? {} : { broadcast }) };
      return Object.keys(details).length === 0 ? [] : [[prefix, details] as const];
    }),
  );

/** As they are written where these are they, else as they were recorded: an order that changes later changes nothing. */
function inOrder(
  present: ReadonlySet<string>,
  written: readonly string[],
  recorded: readonly string[],
): readonly string[] {
  const isWritten = written.length === present.size && written.every((prefix) => present.has(prefix));
  return isWritten ? written : [...new Set([...recorded, ...written])].filter((prefix) => present.has(prefix));
}

function ownerOf(
  there: NetnsLive,
  { existing, former }: AddressSpec,
  { recorded, interrupted }: KindContext<AddressSpec>,
): (item: AddressLive) => boolean {
  if (!existing) {
    const others = { ...recorded?.before?.former, ...former };
    return ({ prefix, protocol }) =>
      protocol === NETFORM_PROTOCOL || (others[prefix] !== (protocol ?? 0) && (interrupted || recorded !== null));
  }
  const knows = there.addresses.some((item) => item.protocol !== null);
  const known = recorded?.spec.prefixes ?? [];
  return ({ prefix, protocol }) =>
    protocol === NETFORM_PROTOCOL || (protocol === null && !knows && known.includes(prefix));
}

const whose = ({ prefix, protocol }: AddressLive): string =>
  protocol === null ? `another program gave it ${prefix}` : `${prefix} ${protocolOwner(protocol)}`;
