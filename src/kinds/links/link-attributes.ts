import { linkIdsOf, netnsIds } from '../../model/ids.ts';
import { type Instruction, type LinkSettings, NETFORM_GROUP } from '../../model/instruction.ts';
import type { LinkLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { type KindContext, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import { markOwner } from '../observation.ts';

/** The MTU of a link for which nothing is written: the kernel's own for Ethernet. */
export const DEFAULT_LINK_MTU = 1500;

const linkAt = (live: LiveState, end: { readonly netns: string; readonly name: string }): LinkLive | null =>
  live.get({ need: 'namespace', netns: end.netns })?.links.get(end.name) ?? null;

/** A link, and where it is. */
export type LinkLocation = { readonly netns: string; readonly name: string; readonly link: LinkLive };

/** Finds a link by its name; one of ours that was renamed or moved (`mac` is as recorded) by its mark and its MAC. */
export function findLink(
  live: LiveState,
  end: { readonly netns: string; readonly name: string },
  { context, mac }: { readonly context: KindContext; readonly mac: string | null },
): LinkLocation | null {
  const link = linkAt(live, end);
  if (link) return { netns: end.netns, name: end.name, link };
  if (mac === null) return null;
  const strays = live
    .all('namespace')
    .flatMap(({ need: { netns }, answer: { links } }) =>
      [...links.values()]
        .filter((one) => one.mac === mac && isMarked(one.alias ?? '', markOf(context)))
        .map((one) => ({ netns, name: one.name, link: one })),
    );
  const [only, ...others] = strays;
  return only && others.length === 0 ? only : null;
}

/** Our mark, and after it the user's name for the link when the kernel's had to be shorter. */
export const linkAlias = (context: KindContext, link: { readonly name: string; readonly label: string }): string =>
  link.label === link.name ? markOf(context) : `${markOf(context)} ${link.label}`;

/** What a link carried before it was ours. */
export type OriginalLinkMark = { readonly alias: string | null; readonly group: number };

type MarkableLink = { readonly name: string; readonly label: string; readonly former?: OriginalLinkMark };

/** What marks a link that is there already, or gives it back the marks that it had. */
export const linkMark = (context: KindContext, link: MarkableLink): LinkSettings =>
  link.former
    ? { alias: link.former.alias ?? '', group: link.former.group }
    : { alias: linkAlias(context, link), group: NETFORM_GROUP };

/** What a link that is not ours carries; nothing of one that is. */
export const originalLinkMark = (link: LinkLive, isOurs: boolean): { readonly former?: OriginalLinkMark } =>
  isOurs ? {} : { former: { alias: link.alias, group: link.group } };

/** Gives a link of ours the mark of a context. */
export const aliasInstruction = (
  link: MarkableLink & { readonly netns: string },
  context: KindContext,
): Instruction => ({
  do: 'link.set',
  netns: link.netns,
  name: link.name,
  set: { alias: linkAlias(context, link) },
});

/** The user's name that a link of ours carries; empty when it has no mark yet. */
export function linkLabel(context: KindContext, link: LinkLive): string {
  const mark = markOf(context);
  if (link.alias === null || !isMarked(link.alias, mark)) return '';
  // Links that are deleted together are first put into another group.
  if (context.interrupted && link.group !== NETFORM_GROUP) return '';
  return link.alias.slice(mark.length + 1) || link.name;
}

/**
 * Null: the link is ours. Otherwise whose it is. A run that was killed between the message that makes a link and the
 * one that sets its alias leaves one with our group and MAC only: that is ours when the journal speaks of it.
 */
export function foreignLinkOwner(context: KindContext, link: LinkLive, mac: string): string | null {
  const unfinished =
    context.interrupted && link.alias === null && link.group === NETFORM_GROUP && (mac === '' || link.mac === mac);
  return unfinished || isMarked(link.alias ?? '', markOf(context)) ? null : markOwner(link.alias);
}

type DeviceLocation = { readonly netns: string; readonly name: string };

/**
 * What a link of ours in the host needs before it comes up: there, unlike in our namespaces, the defaults are not ours.
 * IPv6 is then usable at once, and a changed IPv4 address keeps its routes.
 */
export function hostSysctlInstructions({ netns, name }: DeviceLocation, mtu: number | null): readonly Instruction[] {
  if (netns !== 'host') return [];
  return Object.entries(hostLinkSysctls(name)).flatMap(([key, value]): readonly Instruction[] => {
    if (!key.startsWith('net/ipv6/')) return [{ do: 'sysctl.set', netns, key, value }];
    // A link may be without IPv6 for a reason that is not known here: the MTU of the link below, a setting of the kernel.
    return hasIpv6Mtu(mtu) ? [{ do: 'sysctl.restore', netns, key, value }] : [];
  });
}

/** Whether the kernel keeps IPv6 on a link with an MTU (IPV6_MIN_MTU in linux/ipv6.h); null: its default. */
const hasIpv6Mtu = (mtu: number | null): boolean => mtu === null || mtu >= 1280;

/** The MTU of a link, changed in place. */
type MtuChange = { readonly before: number | null; readonly after: number | null };

/** Whether an MTU was raised so far that the kernel gives the link IPv6 again, with the defaults of its namespace. */
export const regainsIpv6 = ({ before, after }: MtuChange): boolean => !hasIpv6Mtu(before) && hasIpv6Mtu(after);

/** What a link of ours in the host needs when it regains IPv6. */
export const regainedSysctlInstructions = (link: DeviceLocation, mtu: MtuChange): readonly Instruction[] =>
  regainsIpv6(mtu) ? hostSysctlInstructions(link, mtu.after) : [];

/** Those settings, by slash key. */
export const hostLinkSysctls = (name: string): { readonly [key: string]: string } => ({
  [`net/ipv6/conf/${name}/accept_ra`]: '0',
  [`net/ipv6/conf/${name}/accept_dad`]: '0',
  [`net/ipv4/conf/${name}/promote_secondaries`]: '1',
});

/** Where something stands that is on a link: what it needs, and what it vanishes with (a foreign NIC does not go). */
export type LinkDependencies = { readonly dependsOn: readonly string[]; readonly within: readonly string[] };

/** The placement of things on links, for one lab: a device is of the same namespace, or says where it is. `lo` goes with its namespace. */
export function linkDependencies(
  lab: Lab,
): (netns: string, devs: readonly (string | DeviceLocation)[]) => LinkDependencies {
  const links = linkIdsOf(lab);
  const keyOf = (netns: string, dev: string | DeviceLocation): string =>
    typeof dev === 'string' ? `${netns}/${dev}` : `${dev.netns}/${dev.name}`;
  return (netns, devs) => {
    const ids = [...new Set(devs.map((dev) => links.get(keyOf(netns, dev)) ?? ''))];
    const own = ids.filter((id) => id !== '');
    const within = own.length > 0 && own.length === ids.length ? own : netnsIds(netns);
    return { dependsOn: [...new Set([...netnsIds(netns), ...own])], within };
  };
}

/** The master that the kernel knows of a link, which may be a VRF: null where a program has it as a port. */
export function kernelMasters({
  bridges,
}: Lab): (link: {
  readonly netns: string;
  readonly master: string | null;
  readonly l3master?: string;
}) => string | null {
  const others = new Set(
    bridges.flatMap(({ netns, name, madeByProgram }) => (madeByProgram ? [`${netns}/${name}`] : [])),
  );
  return ({ netns, master, l3master = null }) => {
    if (master === null) return l3master;
    return others.has(`${netns}/${master}`) ? null : master;
  };
}

const isMarked = (alias: string, mark: string): boolean => alias === mark || alias.startsWith(`${mark} `);
