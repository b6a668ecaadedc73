import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../model/diagnostics/source-location.ts';
import { RT_TABLE_DEFAULT, RT_TABLE_LOCAL, RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabRoute, LabRule } from '../../model/lab.ts';
import { prefixContainsText } from '../../net/prefix.ts';
import { addressWord, viaWord } from './neighbour-words.ts';
import { type Network, networkOf } from './network.ts';

/** A policy rule for a table without routes, and routes in a table that no rule selects. */
export const ruleWithoutRoute: LabCheck = {
  name: 'rule-without-route',
  code: 'NF2213',
  ofTraffic: true,
  title: 'Rule without a route, or route without a rule',
  explain:
    'A warning: a policy rule of a namespace selects a routing table that has no route, so the packets fall through to the main table; or a route stands in a table that no rule of the namespace selects, so no packet ever follows it.',
  bad: `
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
host: { forwarding: true }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, rules: [{ from: 10.1.0.0/24, table: 100 }] }
`,
  good: `
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
host: { forwarding: true }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan } }
    rules: [{ from: 10.1.0.0/24, table: 100 }]
    routes: [{ to: default, via: host, table: 100 }]
`,
  find: (topology, lab) => {
    const selected = new Set(lab.rules.map(({ netns, table }) => `${netns} ${table}`));
    const filled = new Set(lab.routes.map(({ netns, table }) => `${netns} ${table}`));
    const isOther = ({ netns, table }: { readonly netns: string; readonly table: number }): boolean =>
      netns !== 'host' && !USUAL_TABLES.has(table);
    const rules = lab.rules.filter(
      (rule) =>
        rule.action === 'lookup' &&
        !rule.options?.l3mdev &&
        isOther(rule) &&
        !filled.has(`${rule.netns} ${rule.table}`),
    );
    const routes = lab.routes.filter((route) => isOther(route) && !selected.has(`${route.netns} ${route.table}`));
    if (rules.length === 0 && routes.length === 0) return [];
    const network = networkOf(topology, lab);
    const links = new Set(lab.links.filter(({ kind }) => kind === 'vrf').map(({ netns }) => netns));
    return [
      ...firstOfEach(rules).map((rule) => emptyTable(network, rule)),
      ...firstOfEach(routes)
        .filter(({ netns }) => !links.has(netns))
        .map((route) => unusedTable(network, route)),
    ];
  },
};

/** Those that the kernel selects by rules of its own. */
const USUAL_TABLES: ReadonlySet<number> = new Set([RT_TABLE_DEFAULT, RT_TABLE_MAIN, RT_TABLE_LOCAL, 0]);

/** Of those that stand at one place of the file the first. */
function firstOfEach<T extends { readonly at: Path }>(items: readonly T[]): readonly T[] {
  const seen = new Set<Path>();
  return items.filter(({ at }) => !seen.has(at) && seen.add(at));
}

function emptyTable(network: Network, { netns, table, from, family, at }: LabRule): Diagnostic {
  const own = (network.addressesByNetns.get(netns) ?? []).filter(
    ({ address, lan, prefix }) =>
      lan && prefix.family === family && (from === null || prefixContainsText(from, address)),
  );
  const [via] = own.flatMap(({ lan }) =>
    lan === null
      ? []
      : network
          .routersOn(lan, family)
          .slice(0, 2)
          .flatMap((neighbour) =>
            neighbour === netns ? [] : (viaWord(network, { netns, neighbour, lan, family }) ?? []),
          ),
  );
  const hint =
    via === undefined
      ? `add a route with table: ${table} to ${netns}, or leave the rule out`
      : `add to ${netns}: routes: [{ to: default, via: ${via}, table: ${table} }]`;
  const message = `the rule selects table ${table}, in which ${netns} has no route`;
  return makeDiagnostic('rule-without-route', atValue(at), message, { severity: 'warning', hint });
}

function unusedTable(network: Network, { netns, table, hops, at }: LabRoute): Diagnostic {
  const [hop] = hops;
  const own = (network.addressesByNetns.get(netns) ?? []).find(({ dev }) => dev === hop?.dev);
  const selector = own ? `from: ${addressWord(own.address)}, ` : '';
  return makeDiagnostic(
    'rule-without-route',
    atValue(at),
    `no rule of ${netns} selects table ${table}, where this route is`,
    {
      severity: 'warning',
      hint: `add to ${netns}: rules: [{ ${selector}table: ${table} }]`,
    },
  );
}
