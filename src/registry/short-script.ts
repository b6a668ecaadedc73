import { dirname } from 'node:path';
import { linkShell } from '../instructions/link/shell.ts';
import { hereDocument, netnsCommand } from '../instructions/shell-commands.ts';
import { shellScriptOf } from '../instructions/shell-script.ts';
import { DEFAULT_LINK_MTU, hostLinkSysctls } from '../kinds/links/link-attributes.ts';
import { FORWARDING_SYSCTL_KEYS } from '../lab/sysctls/forwarding.ts';
import { BASE_SYSCTLS } from '../lab/sysctls/sysctls.ts';
import type { AddLink, Instruction, LinkSettings, RouteValue } from '../model/instruction.ts';
import { type LinkKinds, linkKindOf } from '../model/link-kind.ts';
import { shellWord } from '../model/values/shell-word.ts';
import { isGeneratedMac } from '../net/mac.ts';
import { shellLines } from './instructions.ts';
import { linkKinds } from './kinds.ts';

/** The instructions of a plan in batches; `isNew`: nothing of the lab was made before. */
export type ShortScriptSource = {
  readonly rounds: readonly (readonly Instruction[])[];
  readonly isNew: boolean;
};

/**
 * What a person would type to do the same as the instructions of a plan, for `sh`: without marks and generated MACs, and
 * without what the kernel does anyhow. The lab carries the same traffic; netform does not take what it builds for its own.
 * Ends with a newline; empty when there is nothing to do.
 */
export function shortShellScript({ rounds, isNew }: ShortScriptSource): string {
  const all = rounds.flat();
  const context: ShortScriptContext = {
    isNew,
    macs: new Set(all.flatMap((one) => ('mac' in one && one.do !== 'link.add' ? one.mac : []))),
    links: new Set(all.flatMap(addedLinks)),
  };
  const short = rounds.map((round) => round.flatMap((one) => simplify(one, context)));
  return shellScriptOf(isNew ? inTypedOrder(short) : short, (one) => shortLines(one, context));
}

/** `macs`: those that another instruction names. `links`: those that the plan adds, as `netns/name`. */
type ShortScriptContext = {
  readonly isNew: boolean;
  readonly macs: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
};

const addedLinks = (one: Instruction): readonly string[] =>
  one.do === 'link.add' ? [one, ...(one.peer ? [one.peer] : [])].map(({ netns, name }) => `${netns}/${name}`) : [];

/**
 * As a person goes about a new lab: namespaces, then links, then what is set in each namespace. A new namespace copies the
 * IPv4 settings of the machine, so these are changed last. Programs that use the network come after all of that.
 */
function inTypedOrder(rounds: readonly (readonly Instruction[])[]): readonly (readonly Instruction[])[] {
  const isOfProgram = (one: Instruction) => one.do.startsWith('process.');
  const programs = rounds.slice(rounds.findLastIndex((round) => !round.every(isOfProgram)) + 1);
  const all = rounds.slice(0, rounds.length - programs.length).flat();
  const isNetns = (one: Instruction) => one.do === 'netns.add' || one.do === 'netns.link';
  const isUnlink = (one: Instruction) => one.do === 'netns.unlink';
  const isLink = (one: Instruction) => one.do === 'link.add';
  const isFile = (one: Instruction) => !('netns' in one);
  const isHost = (one: Instruction) => 'netns' in one && one.netns === 'host';
  const isSwitch = (one: Instruction) => one.do === 'sysctl.set' && isHost(one);
  const isTable = (one: Instruction) => one.do === 'nft.replace';
  const rest = all.filter((one) => ![isNetns, isUnlink, isLink, isFile, isSwitch, isTable].some((is) => is(one)));
  const settings = [...rest, ...all.filter(isTable)];
  return [
    all.filter(isNetns),
    ...all.filter(isLink).map((one) => [one]),
    settings.filter(isHost),
    settings.filter((one) => !isHost(one)),
    all.filter(isFile),
    all.filter(isSwitch),
    ...programs,
    all.filter(isUnlink),
  ];
}

/** RTPROT_UNSPEC of linux/rtnetlink.h: `ip` then says no protocol. */
const RTPROT_UNSPEC = 0;

function simplify(one: Instruction, context: ShortScriptContext): readonly Instruction[] {
  switch (one.do) {
    case 'netns.add':
      return [{ ...one, mark: '', sysctls: Object.fromEntries(Object.entries(one.sysctls).filter(isUnusual)) }];
    case 'link.add':
      return [simplifyLink(one, context)];
    case 'link.set': {
      const set = simplifySettings(one.set, context);
      return Object.keys(set).length === 0 ? [] : [{ ...one, set }];
    }
    case 'sysctl.set':
    case 'sysctl.restore':
      return isLinkDefault(one, context) ? [] : [one];
    case 'route.add':
    case 'route.replace':
    case 'route.delete':
      return [{ ...one, route: simplifyRoute(one.route) }];
    case 'rule.add':
    case 'rule.delete':
      return [{ ...one, rule: { ...one.rule, protocol: one.rule.protocol ?? RTPROT_UNSPEC } }];
    case 'neighbour.set':
      return [{ ...one, protocol: one.protocol ?? RTPROT_UNSPEC }];
    case 'flows.forget':
      return context.isNew ? [] : [one];
    default:
      return [one];
  }
}

const FORWARDING_KEYS: ReadonlySet<string> = new Set(Object.values(FORWARDING_SYSCTL_KEYS).flat());

const isUnusual = ([key, value]: readonly [string, string]): boolean =>
  BASE_SYSCTLS[key] !== value && !(FORWARDING_KEYS.has(key) && value === '0');

function isLinkDefault(
  { netns, key, value }: Extract<Instruction, { do: 'sysctl.set' | 'sysctl.restore' }>,
  { links }: ShortScriptContext,
): boolean {
  const dev = key.split('/')[3] ?? '';
  return links.has(`${netns}/${dev}`) && hostLinkSysctls(dev)[key] === value;
}

function simplifyLink(link: AddLink, context: ShortScriptContext): AddLink {
  const { kind, options, lower, peer } = link;
  const { kernelDefaults = {}, overhead } = linkKindOf(linkKinds, kind);
  const isPlain = lower === null && overhead(options) === 0;
  const simplifyEnd = <End extends { readonly mac: string; readonly mtu: number | null }>(end: End): End => ({
    ...end,
    mac: simplifyMac(end.mac, context),
    mtu: isPlain && end.mtu === DEFAULT_LINK_MTU ? null : end.mtu,
    group: 0,
  });
  return {
    ...simplifyEnd(link),
    options: Object.fromEntries(Object.entries(options).filter(([key, value]) => kernelDefaults[key] !== value)),
    peer: peer === null ? null : simplifyEnd(peer),
  };
}

const simplifyMac = (mac: string, { macs }: ShortScriptContext): string =>
  isGeneratedMac(mac) && !macs.has(mac) ? '' : mac;

function simplifySettings(
  { alias: _alias, group: _group, mac, ...rest }: LinkSettings,
  context: ShortScriptContext,
): LinkSettings {
  return mac === undefined || simplifyMac(mac, context) === '' ? rest : { ...rest, mac };
}

/** The metric of an IPv6 route for which none is said: IP6_RT_PRIO_USER of linux/ipv6_route.h. */
const IP6_RT_PRIO_USER = 1024;

const simplifyRoute = (route: RouteValue): RouteValue => ({
  ...route,
  protocol: route.protocol ?? RTPROT_UNSPEC,
  metric: route.to.includes(':') && route.metric === IP6_RT_PRIO_USER ? 0 : route.metric,
});

/** Of a new lab: files and tables without what makes them replaceable. */
function shortLines(one: Instruction, { isNew }: ShortScriptContext): readonly string[] {
  switch (one.do) {
    case 'link.add':
    case 'link.set':
    case 'link.delete':
      return linkShell(one, PLAIN_LINK_KINDS);
    case 'nft.replace':
      return isNew ? hereDocument(netnsCommand(one.netns, 'nft -f -'), plainTable(one)) : shellLines(one);
    case 'file.write':
      return isNew ? fileLines(one.path, '>', one.content) : shellLines(one);
    case 'file.block':
      return isNew ? fileLines(one.path, '>>', one.lines.map((line) => `${line}\n`).join('')) : shellLines(one);
    default:
      return shellLines(one);
  }
}

/** Links with the queues that `ip` gives them. */
const PLAIN_LINK_KINDS: LinkKinds = new Map(
  [...linkKinds].map(([name, { singleQueue: _singleQueue, ...kind }]) => [name, kind]),
);

/** The table without its mark, under a name that netform gives no table. */
const plainTable = ({ script, table, family }: Extract<Instruction, { do: 'nft.replace' }>): string =>
  script
    .replace(/^\tset marker \{\n(?:\t\t.*\n)*\t\}\n/m, '')
    .replace(
      `table ${family ?? 'inet'} ${table} {`,
      `table ${family ?? 'inet'} ${table.replace(/^netform_/, 'lab-')} {`,
    );

const fileLines = (path: string, into: '>' | '>>', content: string): readonly string[] => [
  `mkdir -p ${shellWord(dirname(path))}`,
  ...(content === '' || !content.endsWith('\n')
    ? [`printf %s ${shellWord(content)} ${into} ${shellWord(path)}`]
    : hereDocument(`cat ${into} ${shellWord(path)}`, content)),
];
