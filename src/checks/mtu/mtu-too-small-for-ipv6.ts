import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import { ipv6UsesByLink } from '../links/ipv6-uses.ts';
import { type LinkSummary, linkSummaries, linkSummaryKey } from '../links/link-summaries.ts';
import { writtenMtus } from './mtu-sources.ts';

const LEAST_MTU = 1280;

/** A link with an IPv6 address and an MTU that IPv6 does not allow. */
export const mtuTooSmallForIpv6: LabCheck = {
  name: 'mtu-too-small-for-ipv6',
  code: 'NF2302',
  rank: 130,
  title: 'MTU too small for IPv6',
  explain:
    'IPv6 needs links of at least 1280 bytes (RFC 8200). A smaller one has no IPv6 in the kernel, which rejects its addresses and routes and has no settings for it below `net.ipv6`.',
  bad: `
bridges: { lan: { subnet: "fd00:1::/64", mtu: 1000 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
`,
  good: `
bridges: { lan: { subnet: "fd00:1::/64", mtu: 1280 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
`,
  find: (topology, lab) => {
    const written = writtenMtus(topology);
    const placeByLink = inheritedPlaces(lab);
    const reported = new Set<string>();
    const placeOf = (link: LinkSummary): Path => {
      const inherited = placeByLink.get(linkSummaryKey(link));
      const at =
        written.links.get(linkSummaryKey(link)) ??
        written.cables.get(link.at.join('/')) ??
        (inherited === undefined ? undefined : written.links.get(inherited));
      return at?.at ?? link.at;
    };
    const small = linkSummaries(lab).filter(({ mtu }) => mtu !== null && mtu < LEAST_MTU);
    const uses = small.length === 0 ? null : ipv6UsesByLink(lab);
    return small.flatMap((link) => {
      const [use] = uses?.get(linkSummaryKey(link)) ?? [];
      if (use === undefined) return [];
      const place = placeOf(link);
      if (reported.has(place.join('/'))) return [];
      reported.add(place.join('/'));
      return [
        makeDiagnostic(
          'mtu-too-small-for-ipv6',
          atValue(place),
          `mtu ${link.mtu} is too small for IPv6, which ${link.words} has with ${use.words}`,
          { hint: `write at least ${LEAST_MTU}, or leave ${use.isSetting ? 'the sysctl' : 'IPv6'} out` },
        ),
      ];
    });
  },
};

/** By link, the bridge whose MTU it takes when it writes none. */
function inheritedPlaces(lab: Lab): ReadonlyMap<string, string> {
  return new Map(
    lab.cables.flatMap(({ ends: [left, right] }) => [
      ...(right.master === null ? [] : [[linkSummaryKey(left), `${right.netns}/${right.master}`] as const]),
      ...(left.master === null ? [] : [[linkSummaryKey(right), `${left.netns}/${left.master}`] as const]),
    ]),
  );
}
