import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
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
    'IPv6 needs links of at least 1280 bytes (RFC 8200). The kernel disables IPv6 on a smaller one and rejects its addresses.',
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
    const ipv6: ReadonlyMap<string, string> = new Map(
      lab.addresses.flatMap(({ netns, dev, prefixes }) => {
        const prefix = prefixes.find((text) => text.includes(':'));
        return prefix ? [[`${netns}/${dev}`, prefix] as const] : [];
      }),
    );
    const reported = new Set<string>();
    const placeOf = (link: LinkSummary): Path => {
      const inherited = placeByLink.get(linkSummaryKey(link));
      const at =
        written.links.get(linkSummaryKey(link)) ??
        written.cables.get(link.at.join('/')) ??
        (inherited === undefined ? undefined : written.links.get(inherited));
      return at?.at ?? link.at;
    };
    return linkSummaries(lab).flatMap((link) => {
      const prefix = ipv6.get(linkSummaryKey(link));
      if (prefix === undefined || link.mtu === null || link.mtu >= LEAST_MTU) return [];
      const place = placeOf(link);
      if (reported.has(place.join('/'))) return [];
      reported.add(place.join('/'));
      return [
        makeDiagnostic(
          'mtu-too-small-for-ipv6',
          atValue(place),
          `mtu ${link.mtu} is too small for IPv6, which ${link.words} has with ${prefix}`,
          { hint: `write at least ${LEAST_MTU}, or leave the IPv6 address out` },
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
