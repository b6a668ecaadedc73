import { type FirewallDrop, findFirewallDrops, isInSameTable } from '../firewall/evaluate-chains.ts';
import type { Chain, ProbePacket } from '../model/kernel/firewall.ts';

/** The packets that an accept rule lets through. */
type AcceptMatch = {
  readonly iif?: string;
  readonly oif?: string;
  readonly to?: string;
  readonly answers?: true;
};

/** Lines for sh that put accepts before what stops these flows: in DOCKER-USER where that helps, else in the base chain. */
export function acceptCommands(
  chains: readonly Chain[],
  base: Chain,
  stops: readonly FirewallDrop[],
): readonly string[] {
  const chain = dockerUserChain(chains, base, stops) ?? base;
  const matches = stops.flatMap(({ flow }) => matchesOf(flow));
  const distinct = [...new Map(matches.map((match) => [JSON.stringify(match), match])).values()];
  return distinct.filter((match) => !isCovered(match, distinct)).map((match) => lineOf(chain, match));
}

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
function lineOf(chain: Chain, match: AcceptMatch): string {
  if (chain.program !== 'nft') return iptables(chain.program, chain, match);
  const isIptables = chain.family !== 'inet' && chain.table === 'filter' && /^[A-Z]/.test(chain.name);
  if (isIptables) return iptables(chain.family === 'ip' ? 'iptables-nft' : 'ip6tables-nft', chain, match);
  const { iif, oif, to, answers } = match;
  const words = [
    ...(iif === undefined ? [] : [`iifname "${iif}"`]),
    ...(oif === undefined ? [] : [`oifname "${oif}"`]),
    ...(to === undefined ? [] : [`${to.includes(':') ? 'ip6' : 'ip'} daddr ${to}`]),
    ...(answers ? ['ct state established,related'] : []),
  ];
  return `nft 'insert rule ${chain.family} ${chain.table} ${chain.name} ${words.join(' ')} accept'`;
}

function iptables(program: string, { name }: Chain, { iif, oif, to, answers }: AcceptMatch): string {
  const words = [
    ...(iif === undefined ? [] : [`-i ${iif}`]),
    ...(oif === undefined ? [] : [`-o ${oif}`]),
    ...(to === undefined ? [] : [`-d ${to}`]),
    ...(answers ? ['-m conntrack --ctstate ESTABLISHED,RELATED'] : []),
  ];
  return `${program} -I ${name} ${words.join(' ')} -j ACCEPT`;
}
