import { firewallEntries, isCoveredBy } from '../../../firewall/lab-firewall.ts';
import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { FirewallEntry } from '../../../model/lab-parts/firewall-rule.ts';
import { labFirewalls } from '../topology.ts';

/** A rule that no packet comes to, because an earlier one has taken all that fit. */
export const firewallRuleUnreached: LabCheck = {
  name: 'firewall-rule-unreached',
  code: 'NF2122',
  title: 'Firewall rule that is never reached',
  explain:
    'What is denied is asked before what is allowed, and within each list the first entry that fits decides. All packets that fit this entry fit an earlier one.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web: { interfaces: { eth0: { bridge: lan } } } }
firewall: { input: drop, allow: [{ from: lan }, { from: web, ports: [22] }] }
host: { forwarding: false }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web: { interfaces: { eth0: { bridge: lan } } } }
firewall: { input: drop, allow: [{ from: lan, proto: icmp }, { from: web, ports: [22] }] }
host: { forwarding: false }
`,
  find: (_topology, lab) =>
    labFirewalls(lab).flatMap(({ netns, rules }) => {
      const places = new Map(rules.map(({ rule, at }) => [rule, at]));
      const entries = firewallEntries(rules.map(({ rule }) => rule)).filter(isSomething);
      return entries.flatMap((entry, nth) => {
        const first = entries.slice(0, nth).find((one) => isCoveredBy(entry, one));
        if (first === undefined) return [];
        const message = `no packet comes to this rule of ${netns}: ${sortText(first)} all that fits it`;
        const related = [{ at: atValue(places.get(first) ?? []), message: `${first.sort}: ${first.label}` }];
        const hint =
          first.sort === entry.sort
            ? 'leave it out, or write the rule that is about less before the other one'
            : 'leave it out, or let the entry under deny be about less';
        return [
          makeDiagnostic('firewall-rule-unreached', atValue(places.get(entry) ?? []), message, {
            severity: 'warning',
            related,
            hint,
          }),
        ];
      });
    }),
};

const sortText = ({ sort }: FirewallEntry): string =>
  sort === 'deny' ? 'an earlier one denies' : 'an earlier one allows';

/** Not one whose names stand for nothing: other checks warn of these. */
const isSomething = ({ in: inLinks, out, from, matches }: FirewallEntry): boolean =>
  matches.length > 0 &&
  [inLinks, out, from, ...matches.map(({ to }) => to)].every((list) => list === null || list.length > 0);
