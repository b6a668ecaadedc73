import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { LiveState, NeedOf } from '../../model/kernel/need.ts';
import type { Lab } from '../../model/lab.ts';
import { sameSysctlValue } from '../../net/sysctl-value.ts';
import type { MachineCheck } from '../check.ts';
import { ipv6Switches } from '../links/ipv6-switches.ts';
import { type Ipv6Use, ipv6UsesByLink } from '../links/ipv6-uses.ts';
import { type LinkSummary, linkSummaries, linkSummaryKey } from '../links/link-summaries.ts';

/** Something of IPv6 on a link of the machine, which has IPv6 turned off for it. */
export const ipv6DisabledHere: MachineCheck = {
  name: 'ipv6-disabled-here',
  code: 'NF3021',
  rank: 55,
  title: 'IPv6 is turned off on this machine',
  explain:
    'The file puts an address, a route or a neighbour of IPv6 on a link of the host. This machine has `disable_ipv6` set for that link or for every new one, or the link is its own and has an MTU below 1280, with which the kernel has no IPv6. Namespaces are not concerned.',
  bad: null,
  good: `
bridges: { lan: { subnet: "fd00:1::/64", address: "fd00:1::1" } }
host: { sysctls: { net.ipv6.conf.lan.disable_ipv6: 0 } }
`,
  query: (lab) => ipv6HostLinks(lab).flatMap(({ link }) => [{ need: 'namespace', netns: 'host' }, switchNeed(link)]),
  find: (lab, live) => ipv6HostLinks(lab).flatMap((one) => diagnosticsFor(one, live)),
};

type Ipv6HostLink = { readonly link: LinkSummary; readonly use: Ipv6Use };

/** The links of the host that need IPv6 and about which the file says nothing. */
function ipv6HostLinks(lab: Lab): readonly Ipv6HostLink[] {
  const uses = ipv6UsesByLink(lab);
  const switchOf = ipv6Switches(lab);
  return linkSummaries(lab).flatMap((link) => {
    const use = link.netns === 'host' ? uses.get(linkSummaryKey(link))?.[0] : undefined;
    return use === undefined || switchOf(link) !== null ? [] : [{ link, use }];
  });
}

/** A link that the lab makes takes the setting of new links. */
const switchNeed = ({ name, mac }: LinkSummary): NeedOf<'sysctl-value'> => ({
  need: 'sysctl-value',
  netns: 'host',
  key: `net/ipv6/conf/${mac === null ? name : 'default'}/disable_ipv6`,
});

function diagnosticsFor({ link, use }: Ipv6HostLink, live: LiveState): readonly Diagnostic[] {
  const need = switchNeed(link);
  const value = live.get(need);
  const found = live.get({ need: 'namespace', netns: 'host' })?.links.get(link.name);
  if (link.mac === null && found !== undefined && found.mtu < LEAST_MTU) {
    const message = `${link.words} has an MTU of ${found.mtu} on this machine, too small for IPv6: ${use.words}`;
    return [makeDiagnostic('ipv6-disabled-here', use.at, message, { hint: `IPv6 needs at least ${LEAST_MTU}` })];
  }
  if (use.isSetting || value === null || sameSysctlValue(need.key, value, '0')) return [];
  const whose = link.mac === null ? `on ${link.name}` : 'for new links';
  return [
    makeDiagnostic(
      'ipv6-disabled-here',
      use.at,
      `this machine has IPv6 turned off ${whose}, and ${link.words} has ${use.words}`,
      { hint: `write host: { sysctls: { net.ipv6.conf.${link.name}.disable_ipv6: 0 } }` },
    ),
  ];
}

const LEAST_MTU = 1280;
