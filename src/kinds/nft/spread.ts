import type { Protocol } from '../../model/topology.ts';
import { shortSha256 } from '../../model/values/short-sha256.ts';
import { addressLiteral, endpointLiteral, portLiteral, protocolLiteral } from './literals.ts';
import type { NftChain, NftElements } from './part.ts';

/** One of several targets that new connections are spread over. */
export type SpreadTarget = {
  readonly label: string;
  readonly address: string;
  readonly port: number;
  /** Its share of the connections, against the others'. */
  readonly weight: number;
};

/**
 * Connections to one port, and what they are spread over; at least one. `seed`: by the address of the client, so that it stays
 * with one target; null: at random. `mark`: the bits (`0x02000000`) that their packets get; null: none.
 */
export type Spread = {
  /** How its chain begins: `service/web/80/tcp/4`. What begins with a word of nft would be a mistake of syntax. */
  readonly chain: string;
  /** Null: each address, in a map by ports. */
  readonly address: string | null;
  readonly protocol: Protocol;
  readonly port: number;
  readonly targets: readonly SpreadTarget[];
  readonly seed: number | null;
  readonly mark: string | null;
};

/** The map of a kind of spreads, `by` what one connects to: an address and its port, or a port alone. */
export type SpreadMap = { readonly name: string; readonly family: 4 | 6; readonly by: 'address' | 'port' };

type SpreadStatements = {
  readonly elements: NftElements;
  readonly chains: readonly NftChain[];
  /** Sends a new connection on, if it is for one of them; null where there are none. */
  readonly rule: string | null;
};

/**
 * Any number of spreads as one map to a chain each. The name of a chain ends in a digest of its rules, so that other targets are
 * another chain: a chain whose rule is replaced loses the targets of the former rule while a packet may still be at it.
 */
export function spreadStatements({ name, family, by }: SpreadMap, spreads: readonly Spread[]): SpreadStatements {
  const type = by === 'address' ? `ipv${family}_addr . ` : '';
  const key = by === 'address' ? `${wordOf(family)} daddr . ` : '';
  const chains = spreads.map((spread) => chainOf(family, spread));
  return {
    elements: {
      name: `map ${name}`,
      declaration: [`type ${type}inet_proto . inet_service : verdict`],
      elements: spreads.map((spread, i) => `${listenLiteral(spread)} : goto ${chains[i]?.name}`),
    },
    chains: [...new Map(chains.map((chain) => [chain.name, chain])).values()],
    rule: spreads.length === 0 ? null : `${key}meta l4proto . th dport vmap @${name}`,
  };
}

function chainOf(family: 4 | 6, spread: Spread): NftChain {
  const { mark, protocol } = spread;
  const rules = [
    ...(mark === null ? [] : [`meta mark set meta mark or ${mark}`]),
    `meta l4proto ${protocolLiteral(protocol)} ${targetStatement(family, spread)}`,
  ];
  const digest = Buffer.from(shortSha256(new TextEncoder().encode(rules.join('\n')))).toString('hex');
  return { name: `${spread.chain.slice(0, LONGEST_BEGINNING)}/${digest.slice(0, 12)}`, rules };
}

/** Of the name of a chain, which has at most 127 bytes (NFT_CHAIN_MAXNAMELEN). */
const LONGEST_BEGINNING = 100;

function targetStatement(family: 4 | 6, { targets, seed }: Spread): string {
  const word = wordOf(family);
  const [only, ...others] = targets;
  if (!only) throw new Error('invariant: there is no target');
  if (others.length === 0)
    return `dnat ${word} to ${endpointLiteral(only.address, { first: only.port, last: only.port })}`;
  const divisor = targets.reduce((known, { weight }) => commonDivisor(known, weight), only.weight);
  const slots = targets.flatMap((target) => Array.from({ length: target.weight / divisor }, () => target));
  const choice =
    seed === null ? `numgen random mod ${slots.length}` : `jhash ${word} saddr mod ${slots.length} seed ${seed}`;
  const entries = slots.map(({ address, port }, i) => `${i} : ${addressLiteral(address)} . ${portLiteral(port)}`);
  return `dnat ${word} to ${choice} map { ${entries.join(', ')} }`;
}

function listenLiteral({ address, protocol, port }: Spread): string {
  const to = `${protocolLiteral(protocol)} . ${portLiteral(port)}`;
  return address === null ? to : `${addressLiteral(address)} . ${to}`;
}

const wordOf = (family: 4 | 6): string => (family === 4 ? 'ip' : 'ip6');

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
