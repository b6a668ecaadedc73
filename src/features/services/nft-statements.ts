import { addressLiteral, prefixLiteral } from '../../kinds/nft/literals.ts';
import type { NftChain, NftElements, NftStatements } from '../../kinds/nft/part.ts';
import { spreadStatements } from '../../kinds/nft/spread.ts';
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
  const spreads = served.map((rule) => ({
    ...rule,
    chain: chainName(rule),
    address: addressOfRule(rule),
    mark: rule.masquerade ? MASQUERADE_BIT : null,
  }));
  const listed = spreadStatements(
    { name: `service${family}`, family, by: 'address' },
    spreads.filter(({ address }) => address !== null),
  );
  const nodes = spreadStatements(
    { name: `nodeport${family}`, family, by: 'port' },
    spreads.filter(({ address }) => address === null),
  );
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
  const notLocalhost = family === 4 ? 'ip daddr != 127.0.0.0/8' : 'ip6 daddr != ::1';
  return {
    elements: [
      listed.elements,
      nodes.elements,
      { name: `set serviceaddress${family}`, declaration: [`type ${type}`], elements: addresses },
      { name: `set servicelan${family}`, declaration: [`type ${type} . ${type}`, 'flags interval'], elements: pairs },
    ],
    chains: [...listed.chains, ...nodes.chains],
    dstnat: [
      ...(listed.rule === null ? [] : [listed.rule]),
      ...(nodes.rule === null ? [] : [`fib daddr type local ${notLocalhost} ${nodes.rule}`]),
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

/** `service/web/80/tcp/4`. */
const chainName = ({ service, at, port, protocol, family }: ServiceRule): string =>
  `${'cluster' in at ? 'service' : 'external' in at ? 'external' : 'nodeport'}/${service}/${port}/${protocol}/${family}`;
