import { type Spec, sameJson } from '../../model/json.ts';
import type { LinkLive, RouteLive } from '../../model/kernel/live-state.ts';
import type { LiveState, Query } from '../../model/kernel/need.ts';
import { isLearnedRoute, RTPROT_KERNEL, RTPROT_RA } from '../../model/kernel/rtnetlink.ts';
import { type UnknownAttribute, unknownText } from '../../model/kernel/unknown-attribute.ts';
import type { KindContext } from '../../model/kind.ts';
import type { Observation } from '../../model/resource.ts';
import { blockingObservation, foreignObservation, ownObservation } from '../observation.ts';
import type { LinkLocation } from './link-attributes.ts';

/** What a file wants of a link that is there; `mac` null: the one that it has. */
type WantedLink = { readonly mac: string | null; readonly up: boolean; readonly master: string | null };

/** A change of a link by which it loses what others put there: what the change is of, and what goes. */
type LinkLoss = { readonly of: 'mac' | 'state' | 'master'; readonly lost: readonly UnknownAttribute[] };

/**
 * What the kernel deletes from a link when it is changed to what a file wants, or back: permanent neighbours with its MAC
 * (`neigh_changeaddr`); these, proxy entries, IPv6 addresses and routes when it is set down (`neigh_ifdown`,
 * `addrconf_ifdown`); the settings of a port and its forwarding and multicast entries with its master. Nothing when nothing is adopted.
 */
export function findLosses(
  live: LiveState,
  location: LinkLocation,
  { wanted, context: { adopting } }: { readonly wanted: WantedLink; readonly context: KindContext },
): readonly LinkLoss[] {
  const { link } = location;
  if (!adopting) return [];
  const losses: readonly LinkLoss[] = [
    { of: 'mac', lost: wanted.mac === null || wanted.mac === link.mac ? [] : neighboursOf(live, location, false) },
    {
      of: 'state',
      lost: wanted.up === link.up ? [] : neighboursOf(live, location, true).concat(pathsOf(live, location)),
    },
    { of: 'master', lost: link.master === null || wanted.master === link.master ? [] : portOf(live, location) },
  ];
  return losses.filter(({ lost }) => lost.length > 0);
}

/** What has to be read to find what a link would lose that is about to be adopted. */
export const lossQuery = ({ adopting }: KindContext, netns: string): Query =>
  adopting
    ? [
        { need: 'neighbours', netns },
        { need: 'forwarding-entries', netns },
        { need: 'multicast-entries', netns },
      ]
    : [];

/** A link of others, which is not adopted when it would lose something by becoming the file's. */
export function adoptableObservation<S extends Spec>(
  spec: S,
  { whose, losses }: { readonly whose: string; readonly losses: readonly LinkLoss[] },
): Observation<S> {
  if (losses.length === 0) return foreignObservation(spec, whose);
  const lost = unknownText({ unknown: losses.flatMap((loss) => loss.lost) });
  const kept = [...new Set(losses.map(({ of }) => of))].join(' and ');
  const remedy = `let the file leave its ${kept} as it is, or remove what it would lose`;
  return blockingObservation(spec, `${whose}; adopted, it would lose ${lost}`, remedy);
}

/** A link of the lab that has to be replaced: one that was adopted with what the language lacks would come back without it. */
export function replacedObservation<S extends Spec>(
  spec: S,
  links: readonly LinkLive[],
  { recorded, releasing }: KindContext,
): Observation<S> {
  const unknown = links.flatMap((link) => [...(link.unknown ?? []), ...(link.unknownOfPort ?? [])]);
  if (!recorded?.before || releasing || unknown.length === 0) return ownObservation(spec);
  const remedy = 'let the file leave it as it is, or remove it yourself: netform could not make it again as it was';
  return blockingObservation(spec, `adopted, with ${unknownText({ unknown })}; it would be replaced`, remedy);
}

/** Whether two specs differ in one of these fields. */
export const hasOtherFields = (one: Spec, other: Spec, fields: readonly string[]): boolean =>
  fields.some((field) => !sameJson(one[field], other[field]));

function neighboursOf(live: LiveState, { netns, name }: LinkLocation, isDown: boolean): readonly UnknownAttribute[] {
  const entries = live.get({ need: 'neighbours', netns }) ?? [];
  return entries
    .filter(({ dev, permanent, unknown, proxy }) => dev === name && (permanent || unknown) && (isDown || !proxy))
    .map(({ to, proxy }) => ({ name: proxy ? 'proxy neighbour' : 'neighbour', value: to }));
}

/** A link that is down has no routes; its IPv4 addresses stay. A routing daemon brings its own routes back. */
function pathsOf(live: LiveState, { netns, name, link }: LinkLocation): readonly UnknownAttribute[] {
  const there = live.get({ need: 'namespace', netns });
  const isOfOthers = ({ protocol, hops }: RouteLive): boolean =>
    protocol !== RTPROT_KERNEL &&
    protocol !== RTPROT_RA &&
    !isLearnedRoute(protocol) &&
    hops.some(({ dev }) => dev === name);
  return [
    ...(there?.addresses ?? [])
      .filter(({ dev, prefix, scope }) => dev === name && prefix.includes(':') && scope !== 'link')
      .map(({ prefix }) => ({ name: 'address', value: prefix })),
    ...(link.up ? (there?.routes ?? []) : []).filter(isOfOthers).map(({ to }) => ({ name: 'route', value: to })),
  ];
}

function portOf(live: LiveState, { netns, name, link }: LinkLocation): readonly UnknownAttribute[] {
  const entries = live.get({ need: 'forwarding-entries', netns }) ?? [];
  const groups = live.get({ need: 'multicast-entries', netns }) ?? [];
  const bridge = live.get({ need: 'namespace', netns })?.links.get(link.master ?? '');
  return [
    ...(link.unknownOfPort ?? []),
    ...entries.filter(({ dev, to }) => dev === name && to === null).map(({ mac }) => ({ name: 'fdb', value: mac })),
    ...groups.filter(({ dev }) => dev === name).map(({ group }) => ({ name: 'mdb', value: group })),
    ...(bridge?.options?.['vlanFiltering'] === true ? [{ name: 'its VLANs', value: '' }] : []),
  ];
}
