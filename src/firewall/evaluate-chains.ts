import type { Chain, FilterCondition, FilterRule, ProbePacket, Verdict } from '../model/kernel/firewall.ts';
import { prefixContainsText } from '../net/prefix.ts';

/** The drop of a flow: the base chain that it enters, and the chain that decides. */
export type FirewallDrop = {
  readonly flow: ProbePacket;
  readonly base: Chain;
  readonly by: Chain;
  readonly policy: boolean;
};

/**
 * Those flows that some chain drops. Every chain of the hook has its say, and an accept in one does not help against a drop
 * in another. Conditions that are not understood are taken not to hold, as for an ordinary packet of a new connection.
 */
export const findFirewallDrops = (chains: readonly Chain[], flows: readonly ProbePacket[]): readonly FirewallDrop[] =>
  flows.flatMap((flow) =>
    chains.flatMap((base): FirewallDrop[] => {
      if (base.forward === null || !matchesFamily(base, flow)) return [];
      const { verdict, by } = evaluateChain({ chains, base, flow }, base, 0);
      if (verdict === 'drop') return [{ flow, base, by, policy: false }];
      return verdict === 'none' && base.forward.policy === 'drop' ? [{ flow, base, by: base, policy: true }] : [];
    }),
  );

const matchesFamily = ({ family }: Chain, flow: ProbePacket): boolean =>
  family === 'inet' || (family === 'ip') === (flow.family === 4);

type ChainEvaluation = { readonly chains: readonly Chain[]; readonly base: Chain; readonly flow: ProbePacket };
type ChainOutcome = { readonly verdict: 'accept' | 'drop' | 'none'; readonly by: Chain };

/** The kernel allows sixteen. */
const MAX_JUMPS = 16;

function evaluateChain(way: ChainEvaluation, chain: Chain, depth: number): ChainOutcome {
  for (const { conditions, verdict } of chain.rules) {
    if (!conditions.every((condition) => matchesCondition(condition, way.flow))) continue;
    if (verdict.do === 'accept' || verdict.do === 'drop') return { verdict: verdict.do, by: chain };
    if (verdict.do === 'return') break;
    if (verdict.do === 'go-on') continue;
    const next = jumpTarget(way, verdict);
    if (!next || depth >= MAX_JUMPS) continue;
    const outcome = evaluateChain(way, next, depth + 1);
    if (outcome.verdict !== 'none' || verdict.do === 'goto') return outcome;
  }
  return { verdict: 'none', by: chain };
}

const jumpTarget = ({ chains, base }: ChainEvaluation, verdict: Verdict): Chain | undefined =>
  'chain' in verdict ? chains.find((chain) => isInSameTable(chain, base) && chain.name === verdict.chain) : undefined;

/** Whether two chains are in one table. */
export const isInSameTable = (one: Chain, other: Chain): boolean =>
  one.program === other.program && one.family === other.family && one.table === other.table;

function matchesCondition(condition: FilterRule['conditions'][number], flow: ProbePacket): boolean {
  if (condition.on === 'unknown') return false;
  return matchesValues(condition, flow) !== condition.not;
}

function matchesValues({ on, values }: Exclude<FilterCondition, { on: 'unknown' }>, flow: ProbePacket): boolean {
  if (on === 'protocol') return values.includes(flow.family === 4 ? 'ip' : 'ip6');
  if (on === 'state') return values.includes('new') || (flow.forwarded && values.includes('dnat'));
  if (on === 'iif' || on === 'oif') return values.some((value) => matchesLinkName(value, flow[on]));
  const address = flow[on];
  return address !== null && values.some((value) => matchesAddress(value, address));
}

/** `eth*` (nftables) and `eth+` (iptables) stand for all that begin so. */
function matchesLinkName(pattern: string, name: string | null): boolean {
  if (/[*+]$/.test(pattern)) return name?.startsWith(pattern.slice(0, -1)) ?? pattern.length === 1;
  return pattern === name;
}

const matchesAddress = (value: string, address: string): boolean =>
  value.includes(':') === address.includes(':') &&
  (value.includes('/') ? prefixContainsText(value, address) : value === address);
