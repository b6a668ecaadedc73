import type { NeedName } from '../../model/kernel/need.ts';
import { RTM_NEWLINK } from '../netlink/link.ts';
import type { NetlinkReply } from '../netlink/message.ts';
import { RTM_NEWQDISC } from '../netlink/queues/qdisc.ts';

/** What was heard of a namespace: the needs whose answers may be others now. */
export type Touched = {
  readonly needs: Set<NeedName>;
  /** The links that came, changed or went, by index. */
  readonly links: Set<number>;
  /** What was heard does not say everything: the queue was full, or a namespace got another number. */
  all: boolean;
};

export const untouched = (): Touched => ({ needs: new Set(), links: new Set(), all: false });

const ROUTING: readonly NeedName[] = ['namespace', 'addresses', 'route-lookup'];
const SETTINGS: readonly NeedName[] = ['sysctl-value', 'device-sysctls'];
const ENTRIES: readonly NeedName[] = ['neighbours', 'forwarding-entries'];
const OF_LINK: readonly NeedName[] = [...ROUTING, ...SETTINGS, ...ENTRIES, 'queues'];

const RTM_NEWNSID = 88;
const INDEX_OFFSET = 4;
/** Each message of linux/rtnetlink.h that is heard; RTM_NEW* is a multiple of four, RTM_DEL* the number behind it. */
const NEEDS_OF_MESSAGE = new Map<number, readonly NeedName[]>([
  [RTM_NEWLINK, OF_LINK],
  [20, ROUTING],
  [24, ROUTING],
  [28, ENTRIES],
  [32, ROUTING],
  [RTM_NEWQDISC, ['queues', 'namespace']],
  [80, SETTINGS],
]);

/** The needs whose changes are all heard: their answers stay until something was. */
export const isHeard = (need: NeedName): boolean => HEARD.has(need);

/** The needs of nftables. */
export const RULESET_NEEDS: readonly NeedName[] = ['table', 'table-names', 'chains', 'ruleset', 'foreign-ruleset'];
const HEARD: ReadonlySet<NeedName> = new Set<NeedName>([...ROUTING, ...ENTRIES, ...RULESET_NEEDS, 'queues']);

/** Notes what one message of NETLINK_ROUTE touches. */
export function noteMessage(touched: Touched, { type, body }: NetlinkReply): void {
  const kind = type & ~3;
  if (kind === RTM_NEWNSID) touched.all = true;
  for (const need of NEEDS_OF_MESSAGE.get(kind) ?? []) touched.needs.add(need);
  // struct ifinfomsg and struct tcmsg have the link's index at the same place.
  if (kind === RTM_NEWLINK || kind === RTM_NEWQDISC) touched.links.add(body.readInt32LE(INDEX_OFFSET));
}
