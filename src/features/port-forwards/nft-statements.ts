import { addressLiteral, portLiteral, portsLiteral, prefixLiteral, protocolLiteral } from '../../kinds/nft/literals.ts';
import type { NftChain, NftElements, NftStatements } from '../../kinds/nft/part.ts';
import { type Spread, spreadStatements } from '../../kinds/nft/spread.ts';
import { isLoopback } from '../../net/loopback.ts';
import { type ForwardRule, type SingleForwardRule, type SpreadForwardRule, targetsOfRule } from './rule.ts';

/**
 * Forwards as maps from where one listens to its target, one lookup for any number of them; only ranges that keep their
 * numbers are rules. A written address goes before any address. `[::1]` is left out: it cannot be routed, and a client
 * that tries it first must be refused at once to go on to 127.0.0.1.
 */
export function forwardStatements(forwards: readonly ForwardRule[]): NftStatements {
  const parts = ([4, 6] as const).map((family) => familyParts(family, forwards));
  return {
    elements: parts.flatMap(({ maps }) => maps),
    chains: parts.flatMap(({ chains }) => chains),
    rules: {
      guard: forwards.some(servesLocalhost) ? [LOOPBACK_GUARD] : [],
      dstnat: [...parts.flatMap(({ written }) => written), ...parts.flatMap(({ any }) => any)],
      hairpin: parts.flatMap(({ hairpins }) => hairpins),
    },
  };
}

/** With localhost routable, this keeps neighbours from reaching what listens on loopback only. */
const LOOPBACK_GUARD = 'iifname != "lo" ip daddr 127.0.0.0/8 drop';

/** A forward of IPv4 for every address, or for one of 127.0.0.0/8. */
const servesLocalhost = ({ family, address }: ForwardRule): boolean =>
  family === 4 && (address === null || isLoopback(address));

type FamilyForwardStatements = {
  readonly maps: readonly NftElements[];
  readonly chains: readonly NftChain[];
  readonly written: readonly string[];
  readonly any: readonly string[];
  readonly hairpins: readonly string[];
};

function familyParts(family: 4 | 6, forwards: readonly ForwardRule[]): FamilyForwardStatements {
  const word = family === 4 ? 'ip' : 'ip6';
  const type = `ipv${family}_addr`;
  const here = family === 4 ? 'fib daddr type local' : 'ip6 daddr != ::1 fib daddr type local';
  const own = forwards.filter((forward) => forward.family === family);
  const spreads = own.filter((forward) => 'targets' in forward);
  const singles = own.filter((forward) => 'target' in forward);
  const ranges = singles.filter(keepsItsNumbers);
  const mapped = singles.filter((forward) => !keepsItsNumbers(forward));
  const written = elementsOf(mapped.filter(({ address }) => address !== null));
  const any = elementsOf(mapped.filter(({ address }) => address === null));
  const pairs = [...new Set(differentHairpins(own).flatMap(hairpinPairs))];
  const key = 'meta l4proto . th dport';
  const spreadsBy = (by: 'address' | 'port', name: string) =>
    spreadStatements(
      { name, family, by },
      spreads.filter(({ address }) => (address === null) === (by === 'port')).flatMap(spreadsOf),
    );
  const writtenSpreads = spreadsBy('address', `listenspread${family}`);
  const anySpreads = spreadsBy('port', `forwardspread${family}`);
  return {
    maps: [
      {
        name: `map listen${family}`,
        declaration: [`type ${type} . inet_proto . inet_service : ${type} . inet_service`],
        elements: written,
      },
      {
        name: `map forward${family}`,
        declaration: [`type inet_proto . inet_service : ${type} . inet_service`],
        elements: any,
      },
      writtenSpreads.elements,
      anySpreads.elements,
      { name: `set hairpin${family}`, declaration: [`type ${type} . ${type}`, 'flags interval'], elements: pairs },
    ],
    chains: [...writtenSpreads.chains, ...anySpreads.chains],
    written: [
      ...(written.length > 0 ? [`dnat ${word} to ${word} daddr . ${key} map @listen${family}`] : []),
      ...ranges.flatMap((range) =>
        range.address === null ? [] : rangeRules(`${word} daddr ${addressLiteral(range.address)}`, range),
      ),
      ...(writtenSpreads.rule === null ? [] : [writtenSpreads.rule]),
    ],
    any: [
      ...(any.length > 0 ? [`${here} dnat ${word} to ${key} map @forward${family}`] : []),
      ...ranges.flatMap((range) =>
        range.address === null ? rangeRules(`meta nfproto ipv${family} ${here}`, range) : [],
      ),
      ...(anySpreads.rule === null ? [] : [`meta nfproto ipv${family} ${here} ${anySpreads.rule}`]),
    ],
    hairpins: pairs.length > 0 ? [`ct status dnat ${word} saddr . ${word} daddr @hairpin${family} masquerade`] : [],
  };
}

/** More than one port, each to the same one: `8000-8010` to `8000-8010`. */
const keepsItsNumbers = ({ ports, target }: SingleForwardRule): boolean =>
  ports.last > ports.first && ports.first === target.ports.first && ports.last === target.ports.last;

/** One element for each protocol and port: `tcp . 8080 : 10.0.0.2 . 80`, with the written address in front. */
function elementsOf(forwards: readonly SingleForwardRule[]): readonly string[] {
  // Thousands of forwards have few targets.
  const literals = new Map<string, string>();
  const literalOf = (address: string): string => {
    const known = literals.get(address) ?? addressLiteral(address);
    literals.set(address, known);
    return known;
  };
  return forwards.flatMap(({ address, ports, protocols, target }) => {
    const listen = address === null ? '' : `${literalOf(address)} . `;
    const to = literalOf(target.address);
    return protocols.flatMap((protocol) =>
      Array.from({ length: ports.last - ports.first + 1 }, (_, i) => {
        const from = `${listen}${protocolLiteral(protocol)} . ${portLiteral(ports.first + i)}`;
        return `${from} : ${to} . ${portLiteral(target.ports.first + i)}`;
      }),
    );
  });
}

const rangeRules = (match: string, { family, ports, protocols, target }: SingleForwardRule): readonly string[] =>
  protocols.map(
    (protocol) =>
      `${match} ${protocolLiteral(protocol)} dport ${portsLiteral(ports)} dnat ${family === 4 ? 'ip' : 'ip6'} to ${addressLiteral(target.address)}`,
  );

const spreadsOf = ({ address, family, ports, protocols, targets }: SpreadForwardRule): readonly Spread[] =>
  protocols.map((protocol) => ({
    chain: `spread/${ports.first}/${protocol}/${family}`,
    ...{ address, protocol, port: ports.first, targets, seed: null, mark: null },
  }));

/** One forward of each kind that `hairpinPairs` tells apart. */
function differentHairpins(forwards: readonly ForwardRule[]): readonly ForwardRule[] {
  const found = new Map<string, ForwardRule>();
  for (const one of forwards) {
    const targets = 'targets' in one ? JSON.stringify(one.targets) : `${one.lan} ${one.target.address}`;
    const key = `${servesLocalhost(one)} ${targets}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}

/** Clients on the target's LAN, the target too, and localhost: they answer past us unless they see our address. */
function hairpinPairs(forward: ForwardRule): readonly string[] {
  const localhost = servesLocalhost(forward) ? ['127.0.0.0/8'] : [];
  return targetsOfRule(forward).flatMap(({ lan, address }) => {
    const clients = [...localhost, ...(lan === null ? [] : [prefixLiteral(lan)])];
    return clients.map((client) => `${client} . ${addressLiteral(address)}`);
  });
}
