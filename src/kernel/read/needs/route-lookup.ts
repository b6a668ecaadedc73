import { groupBy } from '../../../model/values/group-by.ts';
import { linkNamer } from '../../netlink/link-dump.ts';
import { lookUpRoute } from '../../netlink/route-lookup.ts';
import { findSessions, type NeedReader } from '../need-reader.ts';

/** Asks the kernel for routes, by its rules and tables. */
export const routeLookupReader: NeedReader<'route-lookup'> = (needs, context) =>
  [...groupBy(needs, ({ netns }) => netns)].flatMap(([netns, some]) =>
    findSessions(context, netns).flatMap((session) => {
      const nameOf = linkNamer(context.links(session));
      return some.map((need) => ({ need, answer: lookUpRoute(session.socket, need.key, nameOf) }));
    }),
  );
