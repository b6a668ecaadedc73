import { addressLiteral, endpointLiteral, linkLiteral, prefixLiteral } from '../../kinds/nft/literals.ts';
import { familyOf } from '../../net/address.ts';
import type { NatRule } from './rule.ts';

/** The rules of the postrouting chain, in the order of the file. Traffic inside one source subnet is never rewritten. */
export const natRules = (nat: readonly NatRule[]): readonly string[] => nat.flatMap(rulesOf);

function rulesOf(rule: NatRule): readonly string[] {
  const families = FAMILIES.filter((family) => rule.as === null || familyOf(rule.as.address) === family);
  // Loopback never leaves, so a rule for any source on any link leaves it out.
  const out = rule.out !== null ? `oifname ${linkLiteral(rule.out)} ` : rule.from === null ? 'oifname != "lo" ' : '';
  if (rule.from === null && rule.exceptTo.length === 0 && rule.as === null) return [`${out}masquerade`];
  return families.flatMap((family) =>
    sourcesOf(rule, family).flatMap((source) =>
      actionsOf(rule).map((action) => `${out}${source}${exceptions(rule, family)}${action}`),
    ),
  );
}

const FAMILIES = [4, 6] as const;
const WORD = { 4: 'ip', 6: 'ip6' } as const;

function sourcesOf({ from }: NatRule, family: 4 | 6): readonly string[] {
  if (from === null) return [`meta nfproto ipv${family} `];
  const prefixes = new Set(from.filter((prefix) => familyOf(prefix) === family).map(prefixLiteral));
  return [...prefixes].map((prefix) => `${WORD[family]} saddr ${prefix} ${WORD[family]} daddr != ${prefix} `);
}

const exceptions = ({ exceptTo }: NatRule, family: 4 | 6): string =>
  exceptTo
    .filter((prefix) => familyOf(prefix) === family)
    .map((prefix) => `${WORD[family]} daddr != ${prefixLiteral(prefix)} `)
    .join('');

/** Ports are only for TCP and UDP; everything else, ICMP too, gets the address. */
function actionsOf({ as }: NatRule): readonly string[] {
  if (as === null) return ['masquerade'];
  const snat = `snat ${WORD[familyOf(as.address)]} to`;
  const address = `${snat} ${addressLiteral(as.address)}`;
  if (as.ports === null) return [address];
  return [`meta l4proto { tcp, udp } ${snat} ${endpointLiteral(as.address, as.ports)}`, address];
}
