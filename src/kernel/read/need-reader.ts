import type { Answer, Fact, NeedName, NeedOf } from '../../model/kernel/need.ts';
import type { LinkKinds } from '../../model/link-kind.ts';
import type { RawLink } from '../netlink/links/raw-link.ts';
import type { BoundPlaces } from '../netns/places/bind-places.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import type { NftClient } from '../nftables/tables.ts';

/** Shared by the readers of one query, so that nothing is opened or dumped twice. */
export type ReadContext = {
  /** The session of a namespace; null when there is none, `dead` when the name is not a namespace. */
  readonly find: (netns: string) => NetnsSession | 'dead' | null;
  /** The links of a namespace, dumped once in a reading. */
  readonly links: (session: NetnsSession) => readonly RawLink[];
  readonly places: BoundPlaces;
  readonly nft: NftClient;
  readonly linkKinds: LinkKinds;
};

/** Answers all needs of one name in one go; those without an answer may be left out. */
export type NeedReader<N extends NeedName> = (needs: readonly NeedOf<N>[], context: ReadContext) => readonly Fact<N>[];

/** The reader of a need that is answered for one thing at a time. */
export const readEach =
  <N extends NeedName>(read: (need: NeedOf<N>, context: ReadContext) => Answer<N> | null): NeedReader<N> =>
  (needs, context) =>
    needs.map((need) => ({ need, answer: read(need, context) }));

type NetnsNeedName = { [N in NeedName]: NeedOf<N> extends { readonly netns: string } ? N : never }[NeedName];

/** The reader of a need that is answered inside one namespace at a time; no answer where there is no such namespace. */
export const readInNetns =
  <N extends NetnsNeedName>(
    read: (session: NetnsSession, context: ReadContext, need: NeedOf<N>) => Answer<N> | null,
  ): NeedReader<N> =>
  (needs, context) =>
    needs.flatMap((need) =>
      findSessions(context, need.netns).map((one) => ({ need, answer: read(one, context, need) })),
    );

/** The session of a namespace in a list; empty when there is none. */
export function findSessions({ find }: ReadContext, netns: string): readonly NetnsSession[] {
  const session = find(netns);
  return session && session !== 'dead' ? [session] : [];
}
