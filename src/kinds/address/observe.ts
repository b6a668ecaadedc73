import { PROTOCOL } from '../../model/instruction.ts';
import type { Context } from '../../model/kind.ts';
import type { AddressLive, Live } from '../../model/live.ts';
import type { Found, Resource } from '../../model/resource.ts';
import { absent, foreign, ours, whoseProtocol } from '../found.ts';
import type { AddressSpec } from './spec.ts';

/**
 * Those of the link's addresses that are wanted or recorded. One that failed duplicate address detection is as good as
 * not there. On a NIC of the machine's own they have to be ours: by their protocol, or on kernels that keep none
 * (before 5.18) by the state.
 */
export function observeAddresses(
  live: Live,
  resource: Resource<AddressSpec>,
  context: Context<AddressSpec>,
): Found<AddressSpec> {
  const { dev, prefixes, existing } = resource.spec;
  const there = live.netns.get(resource.netns);
  if (!there?.links.has(dev)) return absent;
  const recorded = context.recorded?.spec.prefixes ?? [];
  const meant = new Set([...prefixes, ...recorded]);
  const present = there.addresses.filter((item) => item.dev === dev && meant.has(item.prefix) && !item.dadFailed);
  if (present.length === 0) return absent;
  const spec = { dev, prefixes: [...new Set(present.map((item) => item.prefix))].sort(), existing };
  if (!existing) return ours(spec);
  const knows = there.addresses.some((item) => item.protocol !== null);
  const other = present.find((item) => !isOurs(item, recorded, knows));
  return other ? foreign(spec, whose(other)) : ours(spec);
}

function isOurs(item: AddressLive, recorded: readonly string[], kernelKnows: boolean): boolean {
  if (item.protocol === PROTOCOL) return true;
  return item.protocol === null && !kernelKnows && recorded.includes(item.prefix);
}

const whose = ({ prefix, protocol }: AddressLive): string =>
  protocol === null ? `${prefix} was given to it by another` : `${prefix} ${whoseProtocol(protocol)}`;
