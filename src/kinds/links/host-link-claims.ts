import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';

/** The claims of links in the host, given as `netns/name`; those in a namespace are claimed with the namespace. */
export const hostLinkClaims = (places: readonly string[]): readonly ExclusiveClaim[] =>
  places.flatMap((place) =>
    place.startsWith(HOST) ? [{ of: 'thing', key: `link/${place}`, text: place.slice(HOST.length) } as const] : [],
  );

const HOST = 'host/';
