import type { NeedOf, Query } from '../../../model/kernel/need.ts';
import type { PlaceLive } from '../../../model/kernel/place-live.ts';
import { groupBy } from '../../../model/values/group-by.ts';
import { netnsCookie } from '../../libc.ts';
import { LOOPBACK_INDEX } from '../../netlink/link.ts';
import { dumpLinks } from '../../netlink/link-dump.ts';
import { hostNetnsFd } from '../netns.ts';
import { isSameFile, type NetnsSessions } from '../sessions.ts';
import { type OpenPlace, resolvePlaces } from './resolve-places.ts';
import type { PlaceAbsence } from './runtime.ts';

/** What was found of a place, by `placeKey`. */
export type BoundPlaces = ReadonlyMap<string, PlaceLive>;

/** The key of a place: a name of the lab, and the container that it names. */
export const placeKey = ({ netns, key }: Pick<NeedOf<'container'>, 'netns' | 'key'>): string => `${netns} ${key}`;

/**
 * Makes the names of a query that are containers mean the networks of these, before anything is read there; of two
 * containers for one name the first. A network in which netform must not work is bound to no name.
 */
export function bindPlaces(sessions: NetnsSessions, query: Query): BoundPlaces {
  const needs = query.filter((need) => need.need === 'container');
  const names = new Set(needs.map(({ netns }) => netns));
  // Who asks what kind of file a name is means the file.
  for (const need of query) if (need.need === 'dead-namespace' && !names.has(need.netns)) sessions.unbind(need.netns);
  if (needs.length === 0) return new Map();
  const answers = new Map<string, PlaceLive>();
  const opened = new Map(resolvePlaces([...new Set(needs.map(({ key }) => key))]));
  for (const [netns, some] of groupBy(needs, ({ netns }) => netns)) {
    // Later ones first, so that the name stays with the first.
    for (const need of some.toReversed()) {
      // A descriptor is for one name.
      const found = opened.get(need.key) ?? resolvePlaces([need.key]).get(need.key);
      opened.delete(need.key);
      if (found) answers.set(placeKey(need), bindPlace(sessions, netns, found));
    }
  }
  return answers;
}

function bindPlace(sessions: NetnsSessions, netns: string, found: OpenPlace | PlaceAbsence): PlaceLive {
  if ('why' in found) {
    sessions.bind(netns, null);
    return { state: 'absent', ...found };
  }
  const isMachine = isSameFile(found.fd, hostNetnsFd());
  const session = sessions.bind(netns, found.fd);
  if (session === null) {
    return { state: 'absent', why: `${found.path} is not a network namespace`, remedy: 'name the file of one' };
  }
  const mark = dumpLinks(session.socket).find(({ index }) => index === LOOPBACK_INDEX)?.alias ?? '';
  if (isMachine || mark.startsWith('netform:')) {
    sessions.bind(netns, null);
    return { state: 'refused', is: isMachine ? 'machine' : 'marked', mark };
  }
  const { id, startedAt, path } = found;
  return { state: 'there', id, startedAt, path, cookie: netnsCookie(session.socket) };
}
