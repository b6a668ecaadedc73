import { addressLiteral, portLiteral, prefixLiteral, protocolLiteral } from '../../kinds/nft/literals.ts';
import type { NftChain, NftElements, NftStatements } from '../../kinds/nft/part.ts';
import { spreadRule } from '../../kinds/nft/spread.ts';
import { addressOfRule, type ServiceRule } from './rule.ts';

/** The bit of the packet mark of connections whose client is not to be seen by the endpoint. */
const MASQUERADE_BIT = '0x02000000';

/**
 * Services as one map from addresses and ports to chains, with one rule in each. What still goes to an address of a service
 * when it is forwarded or sent has met no endpoint, and is refused at once.
 */
export function serviceStatements(rules: readonly ServiceRule[]): NftStatements {
  const parts = ([4, 6] as const).map((family) =>
    familyStatements(
      family,
      rules.filter((rule) => rule.family === family),
    ),
  );
  const isMarked = rules.some(({ masquerade, targets }) => masquerade && targets.length > 0);
  return {
    elements: parts.flatMap(({ elements }) => elements),
    chains: parts.flatMap(({ chains }) => chains),
    rules: {
      dstnat: parts.flatMap(({ dstnat }) => dstnat),
      refuse: parts.flatMap(({ refuse }) => refuse),
      hairpin: [
        ...parts.flatMap(({ hairpin }) => hairpin),
        ...(isMarked ? [`ct status dnat meta mark & ${MASQUERADE_BIT} == ${MASQUERADE_BIT} masquerade`] : []),
      ],
    },
  };
}

type FamilyServiceStatements = {
  readonly elements: readonly NftElements[];
  readonly chains: readonly NftChain[];
  readonly dstnat: readonly string[];
  readonly refuse: readonly string[];
  readonly hairpin: readonly string[];
};

function familyStatements(family: 4 | 6, rules: readonly ServiceRule[]): FamilyServiceStatements {
  const word = family === 4 ? 'ip' : 'ip6';
  const type = `ipv${family}_addr`;
  const served = rules.filter(({ targets }) => targets.length > 0);
  const listed = served.flatMap((rule) => {
    const address = addressOfRule(rule);
    return address === null ? [] : [`${addressLiteral(address)} . ${portKey(rule)} : goto ${chainName(rule)}`];
  });
  const nodes = served.flatMap((rule) => ('node' in rule.at ? [`${portKey(rule)} : goto ${chainName(rule)}`] : []));
  const addresses = [...new Set(rules.flatMap((rule) => addressOfRule(rule) ?? []))].map(addressLiteral);
  const pairs = [
    ...new Set(
      served.flatMap(({ targets }) =>
        targets.flatMap(({ lan, address }) =>
          lan === null ? [] : [`${prefixLiteral(lan)} . ${addressLiteral(address)}`],
        ),
      ),
    ),
  ];
  const key = 'meta l4proto . th dport';
  const notLocalhost = family === 4 ? 'ip daddr != 127.0.0.0/8' : 'ip6 daddr != ::1';
  return {
    elements: [
      {
        name: `map service${family}`,
        declaration: [`type ${type} . inet_proto . inet_service : verdict`],
        elements: listed,
      },
      { name: `map nodeport${family}`, declaration: ['type inet_proto . inet_service : verdict'], elements: nodes },
      { name: `set serviceaddress${family}`, declaration: [`type ${type}`], elements: addresses },
      { name: `set servicelan${family}`, declaration: [`type ${type} . ${type}`, 'flags interval'], elements: pairs },
    ],
    chains: [...new Map(served.map((rule) => [chainName(rule), rule])).values()].map((rule) => ({
      name: chainName(rule),
      rules: [...(rule.masquerade ? [`meta mark set meta mark or ${MASQUERADE_BIT}`] : []), spreadRule(rule)],
    })),
    dstnat: [
      ...(listed.length > 0 ? [`${word} daddr . ${key} vmap @service${family}`] : []),
      ...(nodes.length > 0 ? [`fib daddr type local ${notLocalhost} ${key} vmap @nodeport${family}`] : []),
    ],
    refuse:
      addresses.length > 0
        ? [
            `${word} daddr @serviceaddress${family} meta l4proto tcp reject with tcp reset`,
            `${word} daddr @serviceaddress${family} reject`,
          ]
        : [],
    hairpin: pairs.length > 0 ? [`ct status dnat ${word} saddr . ${word} daddr @servicelan${family} masquerade`] : [],
  };
}

const portKey = ({ protocol, port }: ServiceRule): string => `${protocolLiteral(protocol)} . ${portLiteral(port)}`;

/** `service/web/80/tcp/4`: what begins with a word of nft would be a mistake of syntax. */
const chainName = ({ service, at, port, protocol, family }: ServiceRule): string =>
  `${'cluster' in at ? 'service' : 'external' in at ? 'external' : 'nodeport'}/${service}/${port}/${protocol}/${family}`;
