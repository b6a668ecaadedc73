import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { AddressLive, NetnsLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { KindContext } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { absentObservation, foreignObservation, ownObservation, protocolOwner } from '../observation.ts';
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
  const meant = new Set([...prefixes, ...known]);
  const present = there.addresses.filter((item) => item.dev === dev && meant.has(item.prefix) && !item.dadFailed);
  if (present.length === 0) return absentObservation;
  const isOurs = ownerOf(there, resource.spec, context);
  const others = present.filter((item) => !isOurs(item));
  const spec = { dev, prefixes: inOrder(new Set(present.map(({ prefix }) => prefix)), prefixes, known), existing };
  if (others.length === 0) return ownObservation(spec);
  const former = Object.fromEntries(others.map(({ prefix, protocol }) => [prefix, protocol ?? 0]));
  return foreignObservation({ ...spec, former }, others.map(whose).join(', '));
}

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
  protocol === null ? `${prefix} was given to it by another` : `${prefix} ${protocolOwner(protocol)}`;
