import type { LinkLive } from '../../model/kernel/live-state.ts';
import { type LinkKind, type LinkKinds, sectionKind } from '../../model/link-kind.ts';
import { parseNestedAttributes } from '../../net/netlink-attributes.ts';
import type { RawLink } from '../netlink/link.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { lookUpNsid, type NetnsLinks } from './veth-peers.ts';

type LinkNames = ReadonlyMap<number, string>;
type LiveLinkReader = (links: NetnsLinks, peerOf: (index: number) => LinkLive['peer']) => ReadonlyMap<string, LinkLive>;

/** Gives the links of a namespace with names for indexes and with the options of their kinds. */
export function liveLinkReader(all: readonly NetnsLinks[], linkKinds: LinkKinds): LiveLinkReader {
  const host = all.find(({ session }) => session.netns === 'host');
  const bridgeKind = sectionKind(linkKinds, 'bridges').name;
  const hostNames: LinkNames = new Map(host?.links.map(({ index, name }) => [index, name]));
  return ({ session, links }, peerOf) => {
    const names: LinkNames = new Map(links.map(({ index, name }) => [index, name]));
    const isHost = hostRecogniser(session, host?.session ?? null);
    const lowerOf = ({ lower, lowerNsid }: RawLink): string | null => {
      if (lower === null) return null;
      if (lowerNsid === null) return names.get(lower) ?? null;
      const name = isHost(lowerNsid) ? hostNames.get(lower) : undefined;
      return name === undefined ? null : `host:${name}`;
    };
    return new Map(
      links.map((raw) => {
        const { lower: _lower, lowerNsid: _nsid, info: _info, masterKind, master, hairpin, ...link } = raw;
        const kind = link.kind === null ? undefined : linkKinds.get(link.kind);
        const live: LinkLive = {
          ...link,
          master: master === null ? null : (names.get(master) ?? null),
          peer: peerOf(link.index),
          hairpin: masterKind === bridgeKind ? hairpin : null,
          ...decodeOptions(raw, kind, { lowerOf, nameOf: (index) => names.get(index) ?? null }),
        };
        return [link.name, live];
      }),
    );
  };
}

type OptionNames = {
  readonly lowerOf: (link: RawLink) => string | null;
  readonly nameOf: (index: number) => string | null;
};

function decodeOptions(
  link: RawLink,
  kind: LinkKind | undefined,
  { lowerOf, nameOf }: OptionNames,
): Pick<LinkLive, 'options' | 'changing'> {
  if (!kind) return { options: null };
  const lower = kind.netlink.hasLinkAttribute ? lowerOf(link) : null;
  return kind.netlink.decode(parseNestedAttributes(link.info ?? undefined), { lower, nameOf });
}

/** Whether a number is what a namespace calls the machine's own by; asked once. */
function hostRecogniser(session: NetnsSession, host: NetnsSession | null): (nsid: number) => boolean {
  let known: number | null = null;
  return (nsid) => {
    if (host === null || nsid < 0) return false;
    known ??= lookUpNsid(session, host);
    return known === nsid;
  };
}
