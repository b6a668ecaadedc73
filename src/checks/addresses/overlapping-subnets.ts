import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import type { Lan } from '../../model/lab.ts';
import { prefixesOverlap, requirePrefix } from '../../net/prefix.ts';
import { netnsPhrase } from '../phrases.ts';
import { type OnLinkSubnet, onLinkSubnetsByNetns } from './on-link-subnets.ts';

/** Two different subnets that share addresses and meet in one namespace, or on one bridge. */
export const overlappingSubnets: LabCheck = {
  name: 'overlapping-subnets',
  code: 'NF2105',
  rank: 100,
  title: 'Overlapping subnets in one namespace',
  explain:
    'A namespace is on two subnets, and one contains the other. Packets to an address in both go to the smaller one only. Overlapping subnets that never meet in one namespace are legal.',
  bad: `
bridges: { lan-a: 10.1.0.0/16, lan-b: 10.1.2.0/24 }
namespaces:
  router: { interfaces: { eth0: { bridge: lan-a }, eth1: { bridge: lan-b } } }
`,
  good: `
bridges: { lan-a: 10.1.0.0/16, lan-b: 10.2.2.0/24 }
namespaces:
  router: { interfaces: { eth0: { bridge: lan-a }, eth1: { bridge: lan-b } } }
`,
  find: (topology, lab) => {
    const pairs = new Set<string>();
    const inNamespaces = [...onLinkSubnetsByNetns(topology, lab).values()].flatMap((subnets) =>
      nestedPairs(subnets).flatMap(([outer, inner]) => {
        const pair = `${outer.network} ${inner.network}`;
        if (pairs.has(pair)) return [];
        pairs.add(pair);
        return [diagnosticFor(outer, inner)];
      }),
    );
    return [...lab.lans.flatMap(insideLan), ...inNamespaces];
  },
};

/** Prefixes either nest or are disjoint, so one pass over the sorted list with a stack of the open ones finds each overlap. */
function nestedPairs(subnets: readonly OnLinkSubnet[]): readonly (readonly [OnLinkSubnet, OnLinkSubnet])[] {
  const sorted = [...subnets].sort(
    (a, b) => a.family - b.family || Number(a.first > b.first) - Number(a.first < b.first) || Number(b.last - a.last),
  );
  const open: OnLinkSubnet[] = [];
  return sorted.flatMap((subnet) => {
    while (open.length > 0 && !holds(open.at(-1), subnet)) open.pop();
    const outer = open.findLast((other) => other.dev !== subnet.dev && other.network !== subnet.network);
    open.push(subnet);
    return outer ? [[outer, subnet] as const] : [];
  });
}

const holds = (outer: OnLinkSubnet | undefined, inner: OnLinkSubnet): boolean =>
  outer !== undefined && outer.family === inner.family && outer.last >= inner.first;

function diagnosticFor(outer: OnLinkSubnet, inner: OnLinkSubnet): Diagnostic {
  return makeDiagnostic(
    'overlapping-subnets',
    inner.at,
    `${inner.network} of ${inner.owner} lies inside ${outer.network} of ${outer.owner}, and both meet in ${netnsPhrase(inner.netns)}`,
    {
      related: [{ at: outer.at, message: `${outer.network} is here` }],
      hint: 'give one of the two another subnet',
    },
  );
}

function insideLan(lan: Lan): readonly Diagnostic[] {
  const texts = lan.subnets.filter((text) => !isHostPrefix(text));
  const prefixes = texts.map(requirePrefix);
  return prefixes.flatMap((prefix, i) => {
    const other = prefixes.findIndex((earlier) => prefixesOverlap(earlier, prefix));
    if (other === i) return [];
    return [
      makeDiagnostic(
        'overlapping-subnets',
        atKey(lan.at),
        `subnets ${texts[other]} and ${texts[i]} of ${lan.label} overlap`,
        {
          hint: 'keep one of the two, with one prefix length for all of its addresses',
        },
      ),
    ];
  });
}

const isHostPrefix = (text: string): boolean => /(?:\.\d+\/32|:\w*\/128)$/.test(text);
