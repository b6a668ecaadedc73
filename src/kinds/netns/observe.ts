import type { NetnsLive } from '../../model/kernel/live-state.ts';
import type { LiveState, Query } from '../../model/kernel/need.ts';
import { type KindContext, markOf } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { sameSysctlValue } from '../../net/sysctl-value.ts';
import {
  absentObservation,
  blockingObservation,
  foreignObservation,
  markOwner,
  ownObservation,
} from '../observation.ts';
import {
  forwardingExceptions,
  forwardingNeeds,
  forwardingSideEffects,
  overwrittenSysctl,
} from '../sysctl/forwarding.ts';
import type { NetnsSpec, NetnsSysctls, OriginalNetnsState } from './spec.ts';

const SWITCHES = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];
export const LOOPBACK_PREFIX = '127.0.0.1/8';

/** Its sysctls; of one that may be another's also what is overwritten with forwarding, of ours what a new one has. */
export function netnsQuery({ netns, spec }: Resource<NetnsSpec>, context: KindContext<NetnsSpec>): Query {
  const dropped = droppedKeys(spec, context);
  const others = foreignSwitches(context);
  const keys = [...Object.keys(spec.sysctls), ...dropped, ...others, ...others.flatMap(forwardingSideEffects)];
  return [
    { need: 'namespace', netns },
    { need: 'dead-namespace', netns },
    ...keys.map((key) => ({ need: 'sysctl-value', netns, key }) as const),
    ...others.flatMap((key) => forwardingNeeds(netns, key)),
    ...dropped.map((key) => ({ need: 'default-sysctl', netns, key, sysctls: spec.sysctls }) as const),
  ];
}

/** The namespace of that name; a name that is a dead file is in the way, unless a run of ours was killed there. */
export function observeNetns(
  live: LiveState,
  resource: Resource<NetnsSpec>,
  context: KindContext<NetnsSpec>,
): Observation<NetnsSpec> {
  const { name, sysctls } = resource.spec;
  const dead = live.get({ need: 'dead-namespace', netns: name });
  if (dead === 'link') {
    const remedy = `rm /run/netns/${name}; ip netns attach ${name} PID, with a process of that namespace; then use --adopt`;
    return blockingObservation({ name, sysctls: {} }, 'a symbolic link in /run/netns, which is not followed', remedy);
  }
  if (dead) {
    // Without a name it is none: it can only be replaced.
    if (context.interrupted) return ownObservation({ name: '', sysctls: {} });
    const what = 'a dead file in /run/netns, not a namespace';
    return blockingObservation({ name, sysctls: {} }, what, `ip netns del ${name} removes it`);
  }
  const there = live.get({ need: 'namespace', netns: name });
  if (!there) return absentObservation;
  const values = present(live, name, sysctls);
  if (there.mark !== markOf(context)) {
    return foreignObservation(
      { name, sysctls: values, former: formerOf(live, there, { name, context }) },
      markOwner(there.mark),
    );
  }
  const fresh = freshOf(live, { resource, context });
  if (Object.keys(fresh).length === 0) return ownObservation({ name, sysctls: values });
  return ownObservation({ name, sysctls: { ...values, ...present(live, name, fresh) }, fresh });
}

/** The values of some keys; in the form of the wanted one where they mean the same. */
const present = (live: LiveState, netns: string, wanted: NetnsSysctls): NetnsSysctls =>
  Object.fromEntries(
    Object.entries(wanted).flatMap(([key, written]): [string, string][] => {
      const value = live.get({ need: 'sysctl-value', netns, key });
      if (value === null) return [];
      return [[key, sameSysctlValue(key, value, written) ? written : value]];
    }),
  );

/** The switches whose exceptions are kept: those of a namespace that may be another's. */
const foreignSwitches = ({ recorded }: KindContext<NetnsSpec>): readonly string[] =>
  recorded === null || recorded.before !== null ? SWITCHES : [];

type ForeignNetns = { readonly name: string; readonly context: KindContext<NetnsSpec> };

function formerOf(live: LiveState, there: NetnsLive, { name, context }: ForeignNetns): OriginalNetnsState {
  const devices = foreignSwitches(context).flatMap((key) => {
    const value = overwrittenSysctl(live, name, key, key) ?? '';
    return Object.entries(forwardingExceptions(live, name, { key, value }));
  });
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
function freshOf(live: LiveState, { resource: { spec }, context }: NetnsObserveContext): NetnsSysctls {
  const ours = context.recorded?.spec.sysctls ?? {};
  const before = context.recorded?.before?.sysctls ?? {};
  return Object.fromEntries(
    droppedKeys(spec, context).flatMap((key): [string, string][] => {
      const value = before[key] ?? live.get({ need: 'default-sysctl', netns: spec.name, key });
      const now = live.get({ need: 'sysctl-value', netns: spec.name, key });
      return value === null || value === now || now === null || !sameSysctlValue(key, now, ours[key] ?? '')
        ? []
        : [[key, value]];
    }),
  );
}
