import type { LegacySave } from '../model/kernel/live-state.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import { labOfMark } from '../model/kind.ts';
import { parseLegacyChains } from './nft-parse/legacy.ts';
import { type NftChainText, parseRulesetChains } from './nft-parse/ruleset.ts';

/** The needs of `findForeignForwarding` and `foreignForwardingUses`. */
export const foreignForwardingNeeds = (netns: string): Query => [
  { need: 'namespace', netns },
  { need: 'foreign-ruleset', netns },
  { need: 'legacy-iptables', netns },
  ...(netns === 'host' ? [{ need: 'attachment-traces' } as const] : []),
];

/**
 * A rule in a namespace that says that something other than a lab forwards packets of a family there, and that is not
 * among `except`; null: none. `Docker (table ip nat, chain DOCKER)`.
 */
export const findForeignForwarding = (
  live: LiveState,
  { netns, family, except = [] }: ForwardingScope & { readonly except?: readonly string[] },
): string | null => foreignForwardingUses(live, { netns, family }).find((use) => !except.includes(use)) ?? null;

/** Where forwarding is looked at. */
export type ForwardingScope = { readonly netns: string; readonly family: 4 | 6 };

/**
 * Everything that says that something other than a lab forwards packets: NAT, a chain of a program that forwards, or an
 * accept of forwarded packets by link. Those of known programs first.
 */
export function foreignForwardingUses(live: LiveState, { netns, family }: ForwardingScope): readonly string[] {
  const links = live.get({ need: 'namespace', netns })?.links.values() ?? [];
  const ours = new Set([...links].filter(({ alias }) => labOfMark(alias) !== null).map(({ name }) => name));
  const saves = live.get({ need: 'legacy-iptables', netns }) ?? [];
  const plugins = (netns === 'host' ? live.get({ need: 'attachment-traces' }) : null) ?? { chains: [], addresses: [] };
  const isOurs = (name: string): boolean => plugins.chains.includes(name) || SHARED_CNI_CHAIN.test(name);
  const isOfOurs = (words: readonly string[]): boolean => words.some((word) => plugins.addresses.includes(word));
  const chains = [
    ...parseRulesetChains(live.get({ need: 'foreign-ruleset', netns }) ?? ''),
    ...saves.flatMap(parseLegacyChains),
  ].filter(({ table }) => isOfFamily(table, family));
  const uses = chains.flatMap((chain) => {
    if (isOurs(chain.name)) return [];
    const rules = chain.rules.filter((words) => !namesLink(words, ours) && !isOfOurs(words));
    return evidenceIn({ ...chain, rules }, { chains, family }) ?? [];
  });
  const sorted = uses.toSorted((a, b) => Number(b.isKnown) - Number(a.isKnown));
  return [...sorted.map(({ words }) => words), ...unreadNat(saves, family)];
}

type ForwardingEvidence = { readonly words: string; readonly isKnown: boolean };
type RulesetContext = { readonly chains: readonly NftChainText[]; readonly family: 4 | 6 };

function evidenceIn(chain: NftChainText, context: RulesetContext): ForwardingEvidence | null {
  const place = `table ${chain.table}, chain ${chain.name}`;
  const maker = MAKERS.find(({ chains, tables }) => chains.test(chain.name) || tables?.test(chain.table))?.maker;
  if (maker !== undefined && chain.rules.some(isDecisive)) return { words: `${maker} (${place})`, isKnown: true };
  if (chain.rules.some((words) => isNat(words, context.family))) return { words: `NAT (${place})`, isKnown: false };
  return isReachedByForward(chain, context.chains) && chain.rules.some(isLinkAccept)
    ? { words: `an accept of forwarded packets (${place})`, isKnown: false }
    : null;
}

/** Programs whose chains forward packets. */
const MAKERS: readonly { readonly maker: string; readonly chains: RegExp; readonly tables?: RegExp }[] = [
  { maker: 'Docker', chains: /^DOCKER/, tables: /docker/ },
  { maker: 'libvirt', chains: /^LIBVIRT/, tables: /libvirt/ },
  { maker: 'Podman', chains: /^NETAVARK/, tables: /netavark/ },
  { maker: 'Kubernetes', chains: /^KUBE-/, tables: /kube-proxy/ },
  { maker: 'CNI', chains: /^CNI-/, tables: /cni/ },
];

/** What the plugins of all containers share, and leave: each container that needs it has a chain or rules of its own. */
const SHARED_CNI_CHAIN = /^CNI-(?:HOSTPORT-(?:DNAT|SETMARK|MASQ)|ADMIN)$/;

/** A chain that only returns, or leads elsewhere, is what a removed program leaves behind. */
const isDecisive = (words: readonly string[]): boolean =>
  words.some((word) =>
    /^(?:accept|drop|reject|masquerade|snat|dnat|mark|set|xt|ACCEPT|DROP|REJECT|MARK)$/.test(word),
  ) || NAT_TARGET.test(words.join(' '));

const NAT_TARGET = /(?:^|[\s"])(?:masquerade|snat|dnat|MASQUERADE|SNAT|DNAT|NETMAP)(?:$|[\s"])/;

const isNat = (words: readonly string[], family: 4 | 6): boolean =>
  NAT_TARGET.test(words.join(' ').replaceAll(CONDITION, '')) && !words.includes(family === 4 ? 'ip6' : 'ip');

/** `ct status dnat accept` lets through what was translated elsewhere. firewalld begins with it in every case. */
const CONDITION = /(?:ct status|--ctstatus) \S+/g;

/** `iifname "wg0" accept`, `-i wg0 -j ACCEPT`. firewalld has such a rule for every zone. */
function isLinkAccept(words: readonly string[]): boolean {
  if (!words.some((word) => word === 'accept' || word === 'ACCEPT')) return false;
  return words.some(
    (word, i) => LINK_WORDS.has(word) && !['!=', '"lo"', 'lo'].includes(words[i + 1] ?? '') && words[i - 1] !== '!',
  );
}

const LINK_WORDS = new Set(['iif', 'oif', 'iifname', 'oifname', '-i', '-o']);

function isReachedByForward(chain: NftChainText, chains: readonly NftChainText[]): boolean {
  if (chain.table === 'inet firewalld') return false;
  const table = chains.filter((one) => one.table === chain.table);
  const reached = new Set(table.filter(({ hook }) => hook?.at === 'forward').map(({ name }) => name));
  for (const name of reached) {
    const rules = table.find((one) => one.name === name)?.rules ?? [];
    for (const words of rules) for (const one of table) if (words.includes(one.name)) reached.add(one.name);
  }
  return reached.has(chain.name);
}

const namesLink = (words: readonly string[], links: ReadonlySet<string>): boolean =>
  words.some((word) => links.has(word.replaceAll('"', '')));

const isOfFamily = (table: string, family: 4 | 6): boolean =>
  table.startsWith('inet ') || table.startsWith(family === 4 ? 'ip ' : 'ip6 ');

/** Legacy NAT that cannot be looked into may be anybody's. */
function unreadNat(saves: readonly LegacySave[], family: 4 | 6): readonly string[] {
  const program = family === 4 ? 'iptables-legacy' : 'ip6tables-legacy';
  const unread = saves.some((one) => one.program === program && one.save === null && one.tables.includes('nat'));
  return unread ? [`NAT of ${program}, which is not installed here to say more`] : [];
}
