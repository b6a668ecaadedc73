import type { LiveState, NetnsLive, Query } from '../../model/kernel/live-state.ts';
import { type KindContext, markOf } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import {
  absentObservation,
  blockingObservation,
  foreignObservation,
  markOwner,
  ownObservation,
} from '../observation.ts';
import { forwardingExceptions, forwardingSideEffects, forwardingTree } from '../sysctl/forwarding.ts';
import type { NetnsSpec, NetnsSysctls, OriginalNetnsState } from './spec.ts';

const SWITCHES = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];
export const LOOPBACK_PREFIX = '127.0.0.1/8';

/** Its sysctls; of one that may be another's also what is overwritten with forwarding, of ours what a new one has. */
export function netnsQuery({ netns, spec }: Resource<NetnsSpec>, context: KindContext<NetnsSpec>): Partial<Query> {
  const dropped = droppedKeys(spec, context);
  const others = context.recorded === null || context.recorded.before !== null ? SWITCHES : [];
  const keys = [...Object.keys(spec.sysctls), ...dropped, ...others.flatMap(forwardingSideEffects)];
  return {
    netns: [netns],
    sysctls: keys.map((key) => ({ netns, key })),
    sysctlTrees: others.flatMap((key) => forwardingTree(netns, key) ?? []),
    ...(dropped.length > 0 ? { fresh: [{ netns, sysctls: spec.sysctls, keys: dropped }] } : {}),
  };
}

/** The namespace of that name; a name that is a dead file is in the way, unless a run of ours was killed there. */
export function observeNetns(
  live: LiveState,
  resource: Resource<NetnsSpec>,
  context: KindContext<NetnsSpec>,
): Observation<NetnsSpec> {
  const { name, sysctls } = resource.spec;
  if (live.deadNetns.has(name)) {
    // Without a name it is none: it can only be replaced.
    if (context.interrupted) return ownObservation({ name: '', sysctls: {} });
    const what = 'a dead file in /run/netns, not a namespace';
    return blockingObservation({ name, sysctls: {} }, what, `ip netns del ${name} removes it`);
  }
  const there = live.netns.get(name);
  if (!there) return absentObservation;
  const values = present(there, Object.keys(sysctls));
  if (there.mark !== markOf(context)) {
    return foreignObservation({ name, sysctls: values, former: formerOf(there) }, markOwner(there.mark));
  }
  const fresh = freshOf(live, there, { resource, context });
  if (Object.keys(fresh).length === 0) return ownObservation({ name, sysctls: values });
  return ownObservation({ name, sysctls: { ...values, ...present(there, Object.keys(fresh)) }, fresh });
}

const present = (there: NetnsLive, keys: readonly string[]): NetnsSysctls =>
  Object.fromEntries(
    keys.flatMap((key): [string, string][] => {
      const value = there.sysctls.get(key) ?? null;
      return value === null ? [] : [[key, value]];
    }),
  );

function formerOf(there: NetnsLive): OriginalNetnsState {
  const devices = SWITCHES.flatMap((key) =>
    Object.entries(forwardingExceptions(there, key, there.sysctls.get(key) ?? '')),
  );
  return {
    alias: there.mark,
    up: there.links.get('lo')?.up ?? false,
    loopback: there.addresses.some(({ dev, prefix }) => dev === 'lo' && prefix === LOOPBACK_PREFIX),
    devices: Object.fromEntries(devices),
  };
}

/** What the state says that we wrote and that is not wanted any more. */
const droppedKeys = (spec: NetnsSpec, { recorded }: KindContext<NetnsSpec>): readonly string[] =>
  Object.keys(recorded?.spec.sysctls ?? {}).filter((key) => !(key in spec.sysctls));

type NetnsObserveContext = { readonly resource: Resource<NetnsSpec>; readonly context: KindContext<NetnsSpec> };

/** Of dropped keys that still have our value: the one from before the namespace was taken over, else a new one's. */
function freshOf(
  live: LiveState,
  there: NetnsLive,
  { resource: { spec }, context }: NetnsObserveContext,
): NetnsSysctls {
  const ours = context.recorded?.spec.sysctls ?? {};
  const before = context.recorded?.before?.sysctls ?? {};
  const own = live.fresh.get(spec.name);
  return Object.fromEntries(
    droppedKeys(spec, context).flatMap((key): [string, string][] => {
      const value = before[key] ?? own?.get(key) ?? null;
      const now = there.sysctls.get(key);
      return value === null || value === now || now !== ours[key] ? [] : [[key, value]];
    }),
  );
}
