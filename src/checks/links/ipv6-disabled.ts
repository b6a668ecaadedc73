import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { sysctlName } from '../../model/ids.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { listPhrase } from '../phrases.ts';
import { type Ipv6Switch, ipv6Switches } from './ipv6-switches.ts';
import { type Ipv6Use, ipv6UsesByLink, linksWithLoopback } from './ipv6-uses.ts';
import { type LinkSummary, linkSummaryKey } from './link-summaries.ts';

/** Something of IPv6 on a link for which a sysctl of the file turns IPv6 off. */
export const ipv6Disabled: LabCheck = {
  name: 'ipv6-disabled',
  code: 'NF2112',
  rank: 135,
  title: 'IPv6 on a link without IPv6',
  explain:
    'A link has an address, a route or a neighbour of IPv6, and a sysctl of the file, `disable_ipv6`, turns IPv6 off there. The kernel refuses the one because of the other. `all` and `default` are for every new link of the namespace that has no value of its own.',
  bad: `
bridges: { lan: { subnet: "fd00:1::/64" } }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan } }
    sysctls: { net.ipv6.conf.eth0.disable_ipv6: 1 }
`,
  good: `
bridges: { lan: { subnet: 10.1.0.0/24 } }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan } }
    sysctls: { net.ipv6.conf.eth0.disable_ipv6: 1 }
`,
  find: (_topology, lab) => {
    const switchOf = ipv6Switches(lab);
    const off = linksWithLoopback(lab).flatMap((link) => {
      const found = switchOf(link);
      return found === null || found.on ? [] : [{ link, switch: found }];
    });
    if (off.length === 0) return [];
    const uses = ipv6UsesByLink(lab);
    // With IPv6 off the settings of IPv6 are still there.
    const needs = off.flatMap((one) => {
      const [use] = (uses.get(linkSummaryKey(one.link)) ?? []).filter(({ isSetting }) => !isSetting);
      return use === undefined ? [] : [{ ...one, use }];
    });
    return [...groupBy(needs, (one) => one.switch.at.join('/')).values()].flatMap(diagnosticsFor);
  },
};

type LinkNeed = { readonly link: LinkSummary; readonly switch: Ipv6Switch; readonly use: Ipv6Use };

/** One for all links of one sysctl. */
function diagnosticsFor([first, ...others]: readonly LinkNeed[]): readonly Diagnostic[] {
  if (first === undefined) return [];
  const { at, key } = first.switch;
  const names = listPhrase([first, ...others].map(({ link }) => link.words));
  return [
    makeDiagnostic('ipv6-disabled', atValue(at), `${sysctlName(key)} turns IPv6 off on ${names}`, {
      related: [{ at: first.use.at, message: `${first.use.words} needs it` }],
      hint: 'leave one of the two out',
    }),
  ];
}
