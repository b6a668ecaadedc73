import { addressLiteral, linkLiteral, macLiteral, prefixLiteral } from '../../kinds/nft/literals.ts';
import { headerWord } from '../../kinds/nft/matches.ts';
import { defineNftPart, type NftChain, type NftStatements } from '../../kinds/nft/part.ts';
import { transitionText } from '../../kinds/plan-line.ts';
import { joinLimited } from '../../lab/messages.ts';
import { familyOf, parseAddress } from '../../net/address.ts';
import { ANTI_SPOOFING, guardRules } from './guarded-ports.ts';
import type { PortGuardRule } from './rule.ts';

/** What ports of bridges are held to, in the lab's table of the family bridge: a map to one chain for each port. */
export const antiSpoofingPart = defineNftPart<PortGuardRule>({
  name: ANTI_SPOOFING,
  family: 'bridge',
  derived: guardRules,
  statements: guardStatements,
  describe: {
    noun: 'port',
    key: ({ dev }) => dev,
    title: ({ dev }) => dev,
    text: (before, after) => transitionText(before && guardText(before), after && guardText(after)),
  },
  // Rules of others are not compared with a guard: there is no one way to write it.
  equivalent: { keys: (rule) => [JSON.stringify(rule)], found: () => [] },
  opens: (before, after) => {
    const now = new Map(after.map((rule) => [rule.dev, rule]));
    return before.some((had) => {
      const has = now.get(had.dev);
      return !has || opensRoutes(had, has) || [...has.macs, ...has.addresses].some((one) => !knows(had, one));
    });
  },
  staleConntrack: () => [],
});

const knows = ({ macs, addresses }: PortGuardRule, one: string): boolean =>
  macs.includes(one) || addresses.includes(one);

const opensRoutes = (before: PortGuardRule, after: PortGuardRule): boolean =>
  FAMILIES.some((family) => before.routes[family] === null && after.routes[family] !== null);

const FAMILIES = [4, 6] as const;

/** `red:eth0 sends only from 02:…, 10.1.0.2, fe80::…`. */
function guardText({ label, macs, addresses, routes }: PortGuardRule): string {
  const more = FAMILIES.some((family) => routes[family] !== null) ? ', and forwards' : '';
  return `${label} sends only from ${joinLimited([...macs, ...addresses])}${more}`;
}

function guardStatements(rules: readonly PortGuardRule[]): NftStatements {
  if (rules.length === 0) return { elements: [], rules: {} };
  return {
    elements: [
      {
        name: 'map guardedport',
        declaration: ['type ifname : verdict'],
        elements: rules.map(({ dev }) => `${linkLiteral(dev)} : goto ${chainName(dev)}`),
      },
    ],
    chains: rules.map(guardChain),
    rules: { port: ['iifname vmap @guardedport'] },
  };
}

/** What begins with a word of nft would be a mistake of syntax. */
const chainName = (dev: string): string => `port/${dev}`;

/** The target of a neighbour message is at 64 bits into it (RFC 4861); nft 1.0.6 has no word for it. */
const TARGET = '@th,64,128';

/**
 * What has another MAC, claims another address, or comes from one is dropped. Those without an address may ask for one
 * (DHCP), and whether it is free (ARP, neighbour discovery).
 */
function guardChain({ dev, macs, addresses, routes }: PortGuardRule): NftChain {
  const own = (family: 4 | 6) => addresses.filter((one) => familyOf(one) === family);
  const [own4, own6] = [own(4).map(addressLiteral), own(6).map(addressLiteral)];
  const hardware = listOf(macs.map(macLiteral));
  const targets = listOf(own(6).map((one) => `0x${(parseAddress(one)?.value ?? 0n).toString(16)}`));
  const routed = (family: 4 | 6, more: readonly string[]): readonly string[] => {
    const lans = routes[family];
    if (lans === null) return [];
    const excepted = [...lans.map(prefixLiteral), ...more];
    const word = headerWord(family);
    return excepted.length === 0 ? [`meta protocol ${word} accept`] : [`${word} saddr != ${listOf(excepted)} accept`];
  };
  return {
    name: chainName(dev),
    rules: [
      `ether saddr != ${hardware} drop`,
      `arp saddr ether ${hardware} arp saddr ip ${listOf(['0.0.0.0', ...own4])} accept`,
      ...(own4.length === 0 ? [] : [`ip saddr ${listOf(own4)} accept`]),
      'ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept',
      ...routed(4, []),
      `icmpv6 type nd-neighbor-advert ${TARGET} != ${targets} drop`,
      `ip6 saddr ${listOf(own6)} accept`,
      `ip6 saddr :: icmpv6 type nd-neighbor-solicit ${TARGET} ${targets} accept`,
      'ip6 saddr :: icmpv6 type { nd-router-solicit, mld2-listener-report } accept',
      ...routed(6, ['fe80::/10', '::']),
      'drop',
    ],
  };
}

const listOf = (values: readonly string[]): string => `{ ${values.join(', ')} }`;
