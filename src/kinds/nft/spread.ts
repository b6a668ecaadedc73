import type { Protocol } from '../../model/topology.ts';
import { addressLiteral, endpointLiteral, portLiteral, protocolLiteral } from './literals.ts';

/** One of several targets that new connections are spread over. */
export type SpreadTarget = {
  readonly label: string;
  readonly address: string;
  readonly port: number;
  /** Its share of the connections, against the others'. */
  readonly weight: number;
};

/** How a target is chosen. `seed`: by the address of the client, so that one client stays with one target; null: at random. */
export type Spread = {
  readonly family: 4 | 6;
  readonly protocol: Protocol;
  readonly targets: readonly SpreadTarget[];
  readonly seed: number | null;
};

/** The one rule that sends a new connection to one of the targets. Throws where there is none. */
export const spreadRule = (spread: Spread): string =>
  `meta l4proto ${protocolLiteral(spread.protocol)} ${spreadStatement(spread)}`;

/** The end of such a rule, behind what a packet must have, the protocol among it. Throws where there is no target. */
export function spreadStatement({ family, targets, seed }: Omit<Spread, 'protocol'>): string {
  const word = family === 4 ? 'ip' : 'ip6';
  const dnat = `dnat ${word} to`;
  const [only, ...others] = targets;
  if (!only) throw new Error('invariant: there is no target');
  if (others.length === 0) return `${dnat} ${endpointLiteral(only.address, { first: only.port, last: only.port })}`;
  const divisor = targets.reduce((known, { weight }) => commonDivisor(known, weight), only.weight);
  const slots = targets.flatMap((target) => Array.from({ length: target.weight / divisor }, () => target));
  const choice =
    seed === null ? `numgen random mod ${slots.length}` : `jhash ${word} saddr mod ${slots.length} seed ${seed}`;
  const entries = slots.map(({ address, port }, i) => `${i} : ${addressLiteral(address)} . ${portLiteral(port)}`);
  return `${dnat} ${choice} map { ${entries.join(', ')} }`;
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
