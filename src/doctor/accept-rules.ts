import { type FirewallDrop, findFirewallDrops, isInSameTable } from '../firewall/evaluate-chains.ts';
import type { Chain, FilterCondition, FilterRule, ProbePacket } from '../model/kernel/firewall.ts';

/** The packets that an accept rule lets through. */
type AcceptMatch = {
  readonly iif?: string;
  readonly oif?: string;
  readonly to?: string;
  readonly answers?: true;
};

/**
 * Lines for sh that put accepts before what stops these flows: in DOCKER-USER where that helps, else in the base chain. A
 * rule that is in place is not added again: when it comes too late it is moved.
 */
export function acceptCommands(
  chains: readonly Chain[],
  base: Chain,
  stops: readonly FirewallDrop[],
): readonly string[] {
  const chain = dockerUserChain(chains, base, stops) ?? base;
  const matches = stops.flatMap(({ flow }) => matchesOf(flow));
  const distinct = [...new Map(matches.map((match) => [JSON.stringify(match), match])).values()];
  return distinct
    .filter((match) => !isCovered(match, distinct))
    .flatMap((match) => {
      const present = chain.rules.find((rule) => isSameAccept(acceptOf(rule), match));
      if (!present) return [addCommand(chain, match)];
      return match.answers ? [] : [removeCommand(chain, present, match), addCommand(chain, match)];
    });
}

/** Lines for sh that remove the accepts which name one of some links, which are not on the machine any more. */
export const leftAcceptCommands = (chains: readonly Chain[], links: ReadonlySet<string>): readonly string[] =>
  chains.flatMap((chain) =>
    chain.rules.flatMap((rule) => {
      const match = acceptOf(rule);
      const isLeft = match && [match.iif, match.oif].some((name) => name !== undefined && links.has(name));
      return isLeft ? [removeCommand(chain, rule, match)] : [];
    }),
  );

const ANSWERS = ['established', 'related'];

/** What a rule accepts, if it has the form of a remedy; else null. */
function acceptOf({ conditions, verdict }: FilterRule): AcceptMatch | null {
  if (verdict.do !== 'accept' || conditions.length === 0) return null;
  const match: { iif?: string; oif?: string; to?: string; answers?: true } = {};
  for (const condition of conditions) {
    if (isConntrack(condition)) {
      match.answers = true;
      continue;
    }
    if (condition.on === 'unknown' || condition.on === 'from' || condition.on === 'protocol' || condition.not)
      return null;
    const { on, values } = condition;
    if (on === 'state') {
      if (values.toSorted().join() !== ANSWERS.join()) return null;
      match.answers = true;
      continue;
    }
    const [value, ...more] = values;
    if (value === undefined || more.length > 0 || match[on] !== undefined) return null;
    match[on] = value.replace(/\/(?:32|128)$/, '');
  }
  return match;
}

/** Of such a match of iptables-nft the states are not known. */
const isConntrack = (condition: FilterCondition): boolean =>
  condition.on === 'unknown' && condition.match === 'conntrack';

const isSameAccept = (one: AcceptMatch | null, other: AcceptMatch): boolean =>
  one !== null && (['iif', 'oif', 'to', 'answers'] as const).every((key) => one[key] === other[key]);

/**
 * The chain that Docker leaves to the administrator, when each of these flows passes it before it is dropped; else
 * undefined. `iptables -F`, or a Docker that was removed, leaves a DOCKER-USER that nothing jumps to.
 */
function dockerUserChain(chains: readonly Chain[], base: Chain, stops: readonly FirewallDrop[]): Chain | undefined {
  const dockerUser = chains.find((one) => isInSameTable(one, base) && one.name === 'DOCKER-USER');
  if (!dockerUser) return undefined;
  const accepting: Chain = { ...dockerUser, rules: [{ conditions: [], verdict: { do: 'accept' } }] };
  const withAccept = chains.map((one) => (one === dockerUser ? accepting : one));
  const flows = stops.map(({ flow }) => flow);
  return findFirewallDrops(withAccept, flows).some((drop) => drop.base === base) ? undefined : dockerUser;
}

/** Answers need no line where everything between the two is let through. */
const isCovered = ({ iif, oif, answers }: AcceptMatch, all: readonly AcceptMatch[]): boolean =>
  answers === true && all.some((one) => !one.answers && !one.to && one.iif === iif && one.oif === oif);

/** The flow, and what comes back of it. */
function matchesOf({ iif, oif, to }: ProbePacket): readonly AcceptMatch[] {
  if (iif !== null && iif === oif) return [{ iif, oif }];
  return [
    {
      ...(iif === null ? {} : { iif }),
      ...(oif === null ? {} : { oif }),
      ...(iif === null && to !== null ? { to } : {}),
    },
    { ...(oif === null ? {} : { iif: oif }), ...(iif === null ? {} : { oif: iif }), answers: true },
  ];
}

/** A table that iptables made must stay one that iptables can read. */
function programOf(chain: Chain): string | null {
  if (chain.program !== 'nft') return chain.program;
  const isIptables = chain.family !== 'inet' && chain.table === 'filter' && /^[A-Z]/.test(chain.name);
  return isIptables ? (chain.family === 'ip' ? 'iptables-nft' : 'ip6tables-nft') : null;
}

function addCommand(chain: Chain, match: AcceptMatch): string {
  const program = programOf(chain);
  if (program !== null) return `${program} -I ${chain.name} ${iptablesWords(match)} -j ACCEPT`;
  const { iif, oif, to, answers } = match;
  const words = [
    ...(iif === undefined ? [] : [`iifname "${iif}"`]),
    ...(oif === undefined ? [] : [`oifname "${oif}"`]),
    ...(to === undefined ? [] : [`${to.includes(':') ? 'ip6' : 'ip'} daddr ${to}`]),
    ...(answers ? ['ct state established,related'] : []),
  ];
  return `nft 'insert rule ${chain.family} ${chain.table} ${chain.name} ${words.join(' ')} accept'`;
}

function removeCommand(chain: Chain, { handle, conditions }: FilterRule, match: AcceptMatch): string {
  const program = programOf(chain);
  const isKnown = handle === undefined || !conditions.some(isConntrack);
  if (program !== null && isKnown) return `${program} -D ${chain.name} ${iptablesWords(match)} -j ACCEPT`;
  return `nft delete rule ${chain.family} ${chain.table} ${chain.name} handle ${handle}`;
}

const iptablesWords = ({ iif, oif, to, answers }: AcceptMatch): string =>
  [
    ...(iif === undefined ? [] : [`-i ${iif}`]),
    ...(oif === undefined ? [] : [`-o ${oif}`]),
    ...(to === undefined ? [] : [`-d ${to}`]),
    ...(answers ? ['-m conntrack --ctstate ESTABLISHED,RELATED'] : []),
  ].join(' ');
