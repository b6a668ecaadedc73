import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyRoute } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { type Family, formatFamily } from '../model.ts';

/** The words of a route that one family alone has. */
const WORD_FAMILIES = { tos: 4, realms: 4, scope: 4, pref: 6 } as const;
const WORDS = ['tos', 'realms', 'scope', 'pref'] as const;

/** What does not go with the family of a route's destinations: its next hops, its source, and words that the other family has. */
export const routeFamilyProblems = (route: TopologyRoute, destinations: readonly string[]): readonly Diagnostic[] => [
  ...destinations.flatMap((to) => addressProblems(route, to)),
  ...wordProblems(route, destinations),
];

/** An IPv4 route may have a next hop of IPv6 (RTA_VIA); the kernel refuses it the other way round. */
function addressProblems(route: TopologyRoute, to: string): readonly Diagnostic[] {
  if (route.to.value === 'default' || 'ref' in route.to.value) return [];
  const family = familyOf(to);
  const hint = `write an ${formatFamily(family)} address, or another destination`;
  const vias = route.via.flatMap(({ to, at }) => (to && 'address' in to ? [{ value: to.address, at }] : []));
  return [...(family === 6 ? vias : []), ...(route.src ? [route.src] : [])]
    .filter(({ value }) => familyOf(value) !== family)
    .map(({ value, at }) =>
      makeDiagnostic('mixed-families', atValue(at), `cannot mix IPv4 and IPv6: ${value}, ${to}`, { hint }),
    );
}

/** One for each word, however many destinations lack it. */
function wordProblems(route: TopologyRoute, destinations: readonly string[]): readonly Diagnostic[] {
  const written = WORDS.filter((word) => route.options[word] !== undefined);
  const words = written.flatMap((word) => {
    const family: Family = WORD_FAMILIES[word];
    const wrong = destinations.find((to) => familyOf(to) !== family);
    if (wrong === undefined) return [];
    const isBoth = destinations.some((to) => familyOf(to) === family);
    const message = `${word} is a word of ${formatFamily(family)} alone, and ${wrong} is of ${formatFamily(familyOf(wrong))}`;
    const hint = isBoth ? 'write one route per family' : `leave "${word}" out`;
    return [makeDiagnostic('mixed-families', atValue([...route.at, word]), message, { hint })];
  });
  const alone = route.via.find(({ to }) => to === null);
  if (!alone || route.via.length === 1 || !destinations.some((to) => familyOf(to) === 6)) return words;
  const message = 'IPv6 keeps several next hops only where each has an address: a link alone has none';
  const hint = destinations.some((to) => familyOf(to) === 4)
    ? 'write one route per family'
    : 'write the address of a router on that link, or one next hop';
  return [...words, makeDiagnostic('mixed-families', atValue(alone.at), message, { hint })];
}

/** The entry of `mixed-families` in docs/checks.md. */
export const mixedFamiliesDoc: CheckDoc = {
  name: 'mixed-families',
  code: 'NF2205',
  title: 'IPv4 and IPv6 mixed',
  explain:
    'An IPv6 route has a next hop of IPv4, a route has a source of the other family, or a word that the other family alone has (`tos`, `realms` and `scope` are of IPv4, `pref` is of IPv6; only IPv4 has several next hops where one is a link alone); an address has a peer of the other family; or a rule mixes families in `from` and `to`. An IPv4 route may have a next hop of IPv6.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: "fd00:9::/64", via: 10.0.0.1 }] }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: 10.0.0.1 }] }
`,
};
