import { addressLiteral } from '../../kinds/nft/literals.ts';
import { ACCEPT_NEIGHBOURS, headerWord, peerMatches, portMatches } from '../../kinds/nft/matches.ts';
import type { NftChain, NftElements, NftStatements } from '../../kinds/nft/part.ts';
import { shortSha256 } from '../../model/values/short-sha256.ts';
import { familyOf } from '../../net/address.ts';
import type { PolicyDirection, PolicyPass, PolicyRule } from './rule.ts';

/**
 * Policies as maps from the addresses of isolated namespaces to one chain for each list of rules. What such a chain does not let pass is
 * dropped in it; what it lets pass returns, so that the other end's policies are asked, too.
 */
export function policyStatements(rules: readonly PolicyRule[]): NftStatements {
  const passing = rules.filter(({ own }) => !own);
  const maps = (['egress', 'ingress'] as const).flatMap((direction) =>
    ([4, 6] as const).map((family) => verdictMap(passing, direction, family)),
  );
  const selves = ([4, 6] as const).map((family) => selfSet(passing, family));
  const allowed = selves.flatMap(({ elements, rule }) => (elements.elements.length > 0 ? [rule] : []));
  const jumps = maps.flatMap(({ elements, rule }) => (elements.elements.length > 0 ? [rule] : []));
  return {
    elements: [...maps, ...selves].map(({ elements }) => elements),
    chains: [...new Map(rules.map((rule) => [chainName(rule), rule])).values()].map(toChain),
    rules: {
      policy:
        jumps.length === 0 ? [] : ['ct state established,related accept', ACCEPT_NEIGHBOURS, ...allowed, ...jumps],
      policyIn: ownRules(rules, 'ingress'),
      policyOut: ownRules(rules, 'egress'),
    },
  };
}

/** No policy keeps a namespace from itself: through its own service it is forwarded, with one address at both ends. */
function selfSet(rules: readonly PolicyRule[], family: 4 | 6) {
  const addresses = rules
    .flatMap(({ pods }) => pods.flatMap((pod) => pod.addresses))
    .filter((one) => familyOf(one) === family);
  const elements = [...new Set(addresses)].map((one) => `${addressLiteral(one)} . ${addressLiteral(one)}`);
  const [name, type, word] = [`policyself${family}`, `ipv${family}_addr`, headerWord(family)];
  const declared: NftElements = { name: `set ${name}`, declaration: [`type ${type} . ${type}`], elements };
  return { elements: declared, rule: `${word} saddr . ${word} daddr @${name} accept` };
}

function verdictMap(rules: readonly PolicyRule[], direction: PolicyDirection, family: 4 | 6) {
  const pods = rules.filter((rule) => rule.direction === direction);
  const elements = pods.flatMap((rule) => {
    const chain = chainName(rule);
    return rule.pods
      .flatMap(({ addresses }) => addresses)
      .filter((address) => familyOf(address) === family)
      .map((address) => `${addressLiteral(address)} : jump ${chain}`);
  });
  const name = `${direction}policy${family}`;
  const declared: NftElements = { name: `map ${name}`, declaration: [`type ipv${family}_addr : verdict`], elements };
  return {
    elements: declared,
    rule: `${headerWord(family)} ${direction === 'ingress' ? 'daddr' : 'saddr'} vmap @${name}`,
  };
}

/** The rules of the namespace that is isolated itself. */
function ownRules(rules: readonly PolicyRule[], direction: PolicyDirection): readonly string[] {
  const [rule] = rules.filter((one) => one.own && one.direction === direction);
  if (rule === undefined) return [];
  const device = direction === 'ingress' ? 'iif' : 'oif';
  return [
    `${device} "lo" accept`,
    'ct state established,related accept',
    ACCEPT_NEIGHBOURS,
    ...nodeRules(rule, 'accept'),
    `jump ${chainName(rule)}`,
  ];
}

/** What comes from nodes, and what goes to them or to an address that they translate. */
const nodeRules = ({ nodes, direction }: PolicyRule, verdict: 'accept' | 'return'): readonly string[] =>
  ([4, 6] as const).flatMap((family) => {
    const own = nodes.filter((address) => familyOf(address) === family).map(addressLiteral);
    const end = direction === 'ingress' ? 'saddr' : 'daddr';
    return own.length === 0 ? [] : [`${headerWord(family)} ${end} { ${own.join(', ')} } ${verdict}`];
  });

const toChain = (rule: PolicyRule): NftChain => ({
  name: chainName(rule),
  rules: [
    ...(rule.own ? [] : nodeRules(rule, 'return')),
    ...new Set(rule.passes.flatMap((pass) => passRules(pass, rule.direction))),
    'drop',
  ],
});

function passRules({ peers, ports }: PolicyPass, direction: PolicyDirection): readonly string[] {
  const end = direction === 'ingress' ? 'saddr' : 'daddr';
  const from = peers === null ? [''] : ([4, 6] as const).flatMap((family) => peerMatches(peers, family, end));
  const to = ports === null ? [''] : portMatches(ports);
  return from.flatMap((peer) => to.map((port) => [peer, port, 'return'].filter(Boolean).join(' ')));
}

/** `policy/ingress/db`, with a number of what it lets pass: what begins with a word of nft would be a mistake of syntax. */
function chainName({ direction, own, policies, passes, nodes }: PolicyRule): string {
  const more = own || nodes.length === 0 ? [] : [nodes];
  const digits = Buffer.from(
    shortSha256(new TextEncoder().encode(JSON.stringify([policies, passes, ...more]))),
  ).toString('hex');
  return `policy/${direction}/${(policies[0] ?? '').slice(0, 40)}/${digits.slice(0, 12)}`;
}
