import { linkIdsOf, netnsIds } from '../model/ids.ts';
import { GROUP, type Instruction, type LinkSettings } from '../model/instruction.ts';
import { type Context, markOf } from '../model/kind.ts';
import type { Lab } from '../model/lab.ts';
import type { LinkLive, Live } from '../model/live.ts';
import { whoseMark } from './found.ts';

/** The MTU of a link for which nothing is written: the kernel's own for Ethernet. */
export const DEFAULT_MTU = 1500;

const linkAt = (live: Live, end: { readonly netns: string; readonly name: string }): LinkLive | null =>
  live.netns.get(end.netns)?.links.get(end.name) ?? null;

/** A link, and where it is. */
export type Placed = { readonly netns: string; readonly name: string; readonly link: LinkLive };

/** A link by its name; one of ours that somebody renamed or moved (`mac` is as recorded) by its mark and its MAC. */
export function findLink(
  live: Live,
  end: { readonly netns: string; readonly name: string },
  { context, mac }: { readonly context: Context; readonly mac: string | null },
): Placed | null {
  const link = linkAt(live, end);
  if (link) return { netns: end.netns, name: end.name, link };
  if (mac === null) return null;
  const strays = [...live.netns].flatMap(([netns, { links }]) =>
    [...links.values()]
      .filter((one) => one.mac === mac && isMarked(one.alias ?? '', markOf(context)))
      .map((one) => ({ netns, name: one.name, link: one })),
  );
  const [only, ...others] = strays;
  return only && others.length === 0 ? only : null;
}

/** Our mark, and after it the user's name for the link when the kernel's had to be shorter. */
export const aliasOf = (context: Context, link: { readonly name: string; readonly label: string }): string =>
  link.label === link.name ? markOf(context) : `${markOf(context)} ${link.label}`;

/** What a link carried before it was ours. */
export type Former = { readonly alias: string | null; readonly group: number };

type Marked = { readonly name: string; readonly label: string; readonly former?: Former };

/** What marks a link that is there already, or gives it back the marks that it had. */
export const markOfLink = (context: Context, link: Marked): LinkSettings =>
  link.former
    ? { alias: link.former.alias ?? '', group: link.former.group }
    : { alias: aliasOf(context, link), group: GROUP };

/** What a link that is not ours carries; nothing of one that is. */
export const formerOf = (link: LinkLive, isOurs: boolean): { readonly former?: Former } =>
  isOurs ? {} : { former: { alias: link.alias, group: link.group } };

/** The user's name that a link of ours carries; empty when it has no mark yet. */
export function labelOf(context: Context, link: LinkLive): string {
  const mark = markOf(context);
  if (link.alias === null || !isMarked(link.alias, mark)) return '';
  // Links that shall be deleted together are first put into another group.
  if (context.interrupted && link.group !== GROUP) return '';
  return link.alias.slice(mark.length + 1) || link.name;
}

/**
 * Null: the link is ours. Otherwise whose it is. A run that was killed between the message that makes a link and the
 * one that sets its alias leaves one with our group and MAC only: that is ours when the journal speaks of it.
 */
export function whoseLink(context: Context, link: LinkLive, mac: string): string | null {
  const unfinished = context.interrupted && link.alias === null && link.group === GROUP && link.mac === mac;
  return unfinished || isMarked(link.alias ?? '', markOf(context)) ? null : whoseMark(link.alias);
}

/**
 * What a link of ours in the host needs before it comes up: there, unlike in our namespaces, the defaults are not ours.
 * IPv6 is then usable at once, and a changed IPv4 address keeps its routes.
 */
export function hostSysctls(link: { readonly netns: string; readonly name: string }): readonly Instruction[] {
  if (link.netns !== 'host') return [];
  return Object.entries(hostSettings(link.name)).map(([key, value]) => ({
    ...{ do: 'sysctl.set', netns: link.netns, key, value },
  }));
}

/** Those settings, by slash key. */
export const hostSettings = (name: string): { readonly [key: string]: string } => ({
  [`net/ipv6/conf/${name}/accept_ra`]: '0',
  [`net/ipv6/conf/${name}/accept_dad`]: '0',
  [`net/ipv4/conf/${name}/promote_secondaries`]: '1',
});

/** Where something stands that is on a link: what it needs, and what it vanishes with (a foreign NIC does not go). */
export type Placement = { readonly dependsOn: readonly string[]; readonly within: readonly string[] };

/** The placement of things on links, for one lab. `lo` goes with its namespace. */
export function placements(lab: Lab): (netns: string, devs: readonly string[]) => Placement {
  const links = linkIdsOf(lab);
  return (netns, devs) => {
    const ids = [...new Set(devs.map((dev) => links.get(`${netns}/${dev}`) ?? ''))];
    const own = ids.filter((id) => id !== '');
    const within = own.length > 0 && own.length === ids.length ? own : netnsIds(netns);
    return { dependsOn: [...new Set([...netnsIds(netns), ...own])], within };
  };
}

const isMarked = (alias: string, mark: string): boolean => alias === mark || alias.startsWith(`${mark} `);
