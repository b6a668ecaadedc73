import { type Context, markOf } from '../../model/kind.ts';
import type { Live, NetnsLive, Query } from '../../model/live.ts';
import type { Found, Resource } from '../../model/resource.ts';
import { absent, foreign, inTheWay, ours, whoseMark } from '../found.ts';
import { besides, exceptions, treeOf } from '../sysctl/forwarding.ts';
import type { Former, NetnsSpec, Sysctls } from './spec.ts';

const SWITCHES = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];
export const LOOPBACK = '127.0.0.1/8';

/** Its sysctls; of one that may be another's also what is overwritten with forwarding, of ours what a new one has. */
export function wantsOfNetns({ netns, spec }: Resource<NetnsSpec>, context: Context<NetnsSpec>): Partial<Query> {
  const dropped = droppedKeys(spec, context);
  const others = context.recorded === null || context.recorded.before !== null ? SWITCHES : [];
  const keys = [...Object.keys(spec.sysctls), ...dropped, ...others.flatMap(besides)];
  return {
    netns: [netns],
    sysctls: keys.map((key) => ({ netns, key })),
    sysctlTrees: others.flatMap((key) => treeOf(netns, key) ?? []),
    ...(dropped.length > 0 ? { fresh: [{ netns, sysctls: spec.sysctls, keys: dropped }] } : {}),
  };
}

/** The namespace of that name; a name that is a dead file is in the way, unless a run of ours was killed there. */
export function observeNetns(live: Live, resource: Resource<NetnsSpec>, context: Context<NetnsSpec>): Found<NetnsSpec> {
  const { name, sysctls } = resource.spec;
  if (live.deadNetns.has(name)) {
    // Without a name it is none: it can only be replaced.
    if (context.interrupted) return ours({ name: '', sysctls: {} });
    const what = 'a dead file in /run/netns, not a namespace';
    return inTheWay({ name, sysctls: {} }, what, `ip netns del ${name} removes it`);
  }
  const there = live.netns.get(name);
  if (!there) return absent;
  const values = present(there, Object.keys(sysctls));
  if (there.mark !== markOf(context)) {
    return foreign({ name, sysctls: values, former: formerOf(there) }, whoseMark(there.mark));
  }
  const fresh = freshOf(live, there, { resource, context });
  if (Object.keys(fresh).length === 0) return ours({ name, sysctls: values });
  return ours({ name, sysctls: { ...values, ...present(there, Object.keys(fresh)) }, fresh });
}

const present = (there: NetnsLive, keys: readonly string[]): Sysctls =>
  Object.fromEntries(
    keys.flatMap((key): [string, string][] => {
      const value = there.sysctls.get(key) ?? null;
      return value === null ? [] : [[key, value]];
    }),
  );

function formerOf(there: NetnsLive): Former {
  const devices = SWITCHES.flatMap((key) => Object.entries(exceptions(there, key, there.sysctls.get(key) ?? '')));
  return {
    alias: there.mark,
    up: there.links.get('lo')?.up ?? false,
    loopback: there.addresses.some(({ dev, prefix }) => dev === 'lo' && prefix === LOOPBACK),
    devices: Object.fromEntries(devices),
  };
}

/** What the state says that we wrote and that is not wanted any more. */
const droppedKeys = (spec: NetnsSpec, { recorded }: Context<NetnsSpec>): readonly string[] =>
  Object.keys(recorded?.spec.sysctls ?? {}).filter((key) => !(key in spec.sysctls));

type About = { readonly resource: Resource<NetnsSpec>; readonly context: Context<NetnsSpec> };

/** Of dropped keys that still have our value: the one from before the namespace was taken over, else a new one's. */
function freshOf(live: Live, there: NetnsLive, { resource: { spec }, context }: About): Sysctls {
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
