import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { Topology } from '../../model/topology.ts';
import { shortLinkName } from '../../net/name.ts';
import { type LinkSummary, linkSummaries, linkSummaryKey } from './link-summaries.ts';

/** One MAC at two links of one LAN or one namespace. */
export const duplicateMac: LabCheck = {
  name: 'duplicate-mac',
  code: 'NF2103',
  rank: 80,
  title: 'Duplicate MAC address',
  explain:
    'Two links of one LAN, or of one namespace, have the same hardware address. A bridge would send the frames of both to the port where it saw the address last.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, mac: "02:00:00:00:00:01" } } }
  blue: { interfaces: { eth0: { bridge: lan, mac: "02:00:00:00:00:01" } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, mac: "02:00:00:00:00:01" } } }
  blue: { interfaces: { eth0: { bridge: lan, mac: "02:00:00:00:00:02" } } }
`,
  find: (topology, lab) => {
    const written = writtenMacs(topology);
    const lanOf = lanLabels(lab);
    const seen = new Map<string, LinkSummary>();
    const placeOf = (link: LinkSummary) => atValue(written.get(linkSummaryKey(link)) ?? link.at);
    return linkSummaries(lab).flatMap((link) => {
      // Empty: that of the link below, which is known only to the machine.
      if (!link.mac) return [];
      const lan = lanOf.get(linkSummaryKey(link));
      const scopes = [`${link.netns} ${link.mac}`, ...(lan ? [`lan ${lan} ${link.mac}`] : [])];
      const first = scopes.map((scope) => seen.get(scope)).find((other) => other !== undefined);
      if (!first) {
        for (const scope of scopes) seen.set(scope, link);
        return [];
      }
      return [
        makeDiagnostic('duplicate-mac', placeOf(link), `MAC ${link.mac} is already used by ${first.words}`, {
          related: [{ at: placeOf(first), message: 'first used here' }],
          hint: `give ${link.words} another one, or leave it out for an automatic one`,
        }),
      ];
    });
  },
};

function writtenMacs(topology: Topology): ReadonlyMap<string, Path> {
  return new Map(
    [topology.host, ...topology.namespaces].flatMap((netns) =>
      [...netns.bridges, ...netns.interfaces].flatMap(({ name, mac }) =>
        mac ? [[`${netns.name}/${shortLinkName(name)}`, mac.at] as const] : [],
      ),
    ),
  );
}

function lanLabels(lab: Lab): ReadonlyMap<string, string> {
  return new Map(
    lab.lans.flatMap(({ label, bridge, members }) => [
      ...(bridge ? [[linkSummaryKey(bridge), label] as const] : []),
      ...members.map(({ netns, dev }) => [`${netns}/${dev}`, label] as const),
    ]),
  );
}
