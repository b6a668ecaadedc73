import type { Chain, Condition, FilterRule, Flow, Verdict } from '../model/firewall.ts';
import { containsText } from './prefix.ts';

/** What stops a flow: the chain whose hook it comes by, and the chain in which it is decided. */
export type Stop = { readonly flow: Flow; readonly base: Chain; readonly by: Chain; readonly policy: boolean };

/**
 * Those flows that some chain drops. Every chain of the hook has its say, and an accept in one does not help against a drop
 * in another. Conditions that are not understood are taken not to hold, as for an ordinary packet of a new connection.
 */
export const stopsOf = (chains: readonly Chain[], flows: readonly Flow[]): readonly Stop[] =>
  flows.flatMap((flow) =>
    chains.flatMap((base): Stop[] => {
      if (base.forward === null || !concerns(base, flow)) return [];
      const { verdict, by } = walk({ chains, base, flow }, base, 0);
      if (verdict === 'drop') return [{ flow, base, by, policy: false }];
      return verdict === 'none' && base.forward.policy === 'drop' ? [{ flow, base, by: base, policy: true }] : [];
    }),
  );

const concerns = ({ family }: Chain, flow: Flow): boolean =>
  family === 'inet' || (family === 'ip') === (flow.family === 4);

type Walk = { readonly chains: readonly Chain[]; readonly base: Chain; readonly flow: Flow };
type Outcome = { readonly verdict: 'accept' | 'drop' | 'none'; readonly by: Chain };

/** The kernel allows sixteen. */
const MOST_JUMPS = 16;

function walk(way: Walk, chain: Chain, depth: number): Outcome {
  for (const { conditions, verdict } of chain.rules) {
    if (!conditions.every((condition) => holds(condition, way.flow))) continue;
    if (verdict.do === 'accept' || verdict.do === 'drop') return { verdict: verdict.do, by: chain };
    if (verdict.do === 'return') break;
    if (verdict.do === 'go-on') continue;
    const next = targetOf(way, verdict);
    if (!next || depth >= MOST_JUMPS) continue;
    const outcome = walk(way, next, depth + 1);
    if (outcome.verdict !== 'none' || verdict.do === 'goto') return outcome;
  }
  return { verdict: 'none', by: chain };
}

const targetOf = ({ chains, base }: Walk, verdict: Verdict): Chain | undefined =>
  'chain' in verdict ? chains.find((chain) => isBeside(chain, base) && chain.name === verdict.chain) : undefined;

/** Whether two chains are in one table. */
export const isBeside = (one: Chain, other: Chain): boolean =>
  one.program === other.program && one.family === other.family && one.table === other.table;

function holds(condition: FilterRule['conditions'][number], flow: Flow): boolean {
  if (condition.on === 'unknown') return false;
  return meets(condition, flow) !== condition.not;
}

function meets({ on, values }: Exclude<Condition, { on: 'unknown' }>, flow: Flow): boolean {
  if (on === 'protocol') return values.includes(flow.family === 4 ? 'ip' : 'ip6');
  if (on === 'state') return values.includes('new') || (flow.forwarded && values.includes('dnat'));
  if (on === 'iif' || on === 'oif') return values.some((value) => isLink(value, flow[on]));
  const address = flow[on];
  return address !== null && values.some((value) => isWithin(value, address));
}

/** `eth*` (nftables) and `eth+` (iptables) stand for all that begin so. */
function isLink(pattern: string, name: string | null): boolean {
  if (/[*+]$/.test(pattern)) return name?.startsWith(pattern.slice(0, -1)) ?? pattern.length === 1;
  return pattern === name;
}

const isWithin = (value: string, address: string): boolean =>
  value.includes(':') === address.includes(':') &&
  (value.includes('/') ? containsText(value, address) : value === address);
