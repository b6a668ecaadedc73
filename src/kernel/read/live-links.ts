import type { LinkLive } from '../../model/kernel/live-state.ts';
import type { UnknownAttribute } from '../../model/kernel/unknown-attribute.ts';
import { kindOfLiveLink, type LinkKind, type LinkKinds, sectionKind } from '../../model/link-kind.ts';
import { parseNestedAttributes } from '../../net/netlink-attributes.ts';
import { listFlagSettings } from '../netlink/links/link-settings.ts';
import type { RawLink } from '../netlink/links/raw-link.ts';
import { withUnknown } from '../netlink/unknown-attributes.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { accountName } from './accounts.ts';
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
        const { index, name, kind, mac, mtu, up, carrier, running, group, alias, master, masterKind } = raw;
        const data = () => parseNestedAttributes(raw.info ?? undefined);
        const own = kind === null ? undefined : kindOfLiveLink(linkKinds, kind, data);
        const live: LinkLive = {
          ...{ index, name, kind: own?.name ?? kind, mac, mtu, up, carrier, running, group, alias },
          master: master === null ? null : (names.get(master) ?? null),
          peer: peerOf(index),
          hairpin: masterKind === bridgeKind ? raw.hairpin : null,
          ...(masterKind === bridgeKind && raw.port ? { port: raw.port } : {}),
          ...decodeKind(raw, own, { lowerOf, nameOf: (one) => names.get(one) ?? null }),
          ...(own && masterKind !== null
            ? portSettings(raw, {
                isOfBridge: masterKind === bridgeKind,
                isKnown: linkKinds.get(masterKind)?.takes !== undefined,
              })
            : {}),
        };
        return [name, live];
      }),
    );
  };
}

type OptionNames = {
  readonly lowerOf: (link: RawLink) => string | null;
  readonly nameOf: (index: number) => string | null;
};

/** The options of a link, and what else it has: of a kind that netform does not have nothing is said. */
function decodeKind(
  link: RawLink,
  kind: LinkKind | undefined,
  { lowerOf, nameOf }: OptionNames,
): Pick<LinkLive, 'options' | 'changing' | 'unknown'> {
  if (!kind) return { options: null };
  const lower = kind.netlink.hasLinkAttribute ? lowerOf(link) : null;
  const { unknown = [], ...decoded } = kind.netlink.decode(parseNestedAttributes(link.info ?? undefined), {
    lower,
    nameOf,
    accountOf: accountName,
  });
  const usual = decoded.options === null ? undefined : kind.newFlags?.(decoded.options);
  const flags = listFlagSettings(link.flags, usual);
  return { ...decoded, ...withUnknown(settingsOf(link, kind), flags, unknown, queueOf(link, kind)) };
}

const settingsOf = ({ settings }: RawLink, { queueLength }: LinkKind): readonly UnknownAttribute[] =>
  queueLength === undefined
    ? settings
    : settings.filter(({ name, value }) => name !== 'txqueuelen' || value !== String(queueLength));

/** Most links get no queue from the kernel (IFF_NO_QUEUE): one that is there was put there. */
const queueOf = ({ qdisc }: RawLink, { queueLength }: LinkKind): readonly UnknownAttribute[] =>
  qdisc === null || NO_QUEUES.has(qdisc) || (queueLength !== undefined && DEFAULT_QUEUES.has(qdisc))
    ? []
    : [{ name: 'qdisc', value: qdisc }];

const NO_QUEUES = new Set(['noqueue', 'noop']);

/** What `net.core.default_qdisc` is in kernels and distributions. */
const DEFAULT_QUEUES = new Set(['pfifo_fast', 'fq_codel', 'fq', 'mq']);

/** Of a port of what is not a bridge, its settings are those of another kind: the kind of its master says it. */
const portSettings = (
  { portSettings: found, masterKind }: RawLink,
  { isOfBridge, isKnown }: { readonly isOfBridge: boolean; readonly isKnown: boolean },
): Pick<LinkLive, 'unknownOfPort'> => {
  if (isKnown) return {};
  const unknown = isOfBridge ? found : [{ name: 'port of a', value: masterKind ?? '' }];
  return unknown.length === 0 ? {} : { unknownOfPort: unknown };
};

/** Whether a number is what a namespace calls the machine's own by; asked once. */
function hostRecogniser(session: NetnsSession, host: NetnsSession | null): (nsid: number) => boolean {
  let known: number | null = null;
  return (nsid) => {
    if (host === null || nsid < 0) return false;
    known ??= lookUpNsid(session, host);
    return known === nsid;
  };
}
