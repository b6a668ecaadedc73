import { dumpLinks, readLink } from '../netlink/link-dump.ts';
import type { RawLink } from '../netlink/links/raw-link.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import type { Touched } from './touched.ts';

/** The links of namespaces that are listened in: all are dumped once, then those that were touched are read. */
export type LinkCache = {
  /** The links of a namespace by their indexes, as the kernel dumps them. */
  readonly of: (session: NetnsSession) => readonly RawLink[];
  readonly touch: (netns: string, touched: Touched) => void;
  readonly clear: () => void;
};

/** From so many on a dump is faster than single requests. */
const MANY = 64;

type KnownLinks = { readonly byIndex: Map<number, RawLink>; readonly touched: Set<number> };

/** Knows no links. */
export function makeLinkCache(): LinkCache {
  const all = new Map<string, KnownLinks>();
  return {
    of: (session) => {
      const known = all.get(session.netns);
      const links = known && known.touched.size < MANY ? readTouchedLinks(session, known) : dumpLinks(session.socket);
      all.set(session.netns, { byIndex: new Map(links.map((link) => [link.index, link])), touched: new Set() });
      return links;
    },
    touch: (netns, { all: everything, links }) => {
      if (everything) all.delete(netns);
      else for (const index of links) all.get(netns)?.touched.add(index);
    },
    clear: () => all.clear(),
  };
}

function readTouchedLinks({ socket }: NetnsSession, { byIndex, touched }: KnownLinks): readonly RawLink[] {
  if (touched.size === 0) return [...byIndex.values()];
  for (const index of touched) {
    const link = readLink(socket, index);
    if (link === null) byIndex.delete(index);
    else byIndex.set(index, link);
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}
