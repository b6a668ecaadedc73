import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import { linkSummaries, linkSummaryKey } from '../links/link-summaries.ts';
import { linkPhrase } from '../phrases.ts';
import {
  facingCableEnds,
  KERNEL_DEFAULT_MTU,
  parentBridgeLookup,
  type WrittenMtus,
  writtenMtus,
} from './mtu-sources.ts';

/** An MTU over that of the bridge, the cable or the link it depends on. */
export const mtuTooLarge: LabCheck = {
  name: 'mtu-too-large',
  code: 'NF2301',
  rank: 120,
  title: 'MTU larger than that of the parent',
  explain:
    'An interface sends larger packets than its bridge, its cable or the link below it carries, or a route larger ones than its link. They are silently dropped. A bridge without an `mtu` has 1500, or the smallest of the tunnels that are its ports.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, mtu: 1400 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, mtu: 9000 } } }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, mtu: 9000 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
`,
  find: (topology, lab) => {
    const written = writtenMtus(topology);
    return [...onCables(lab, written), ...onLowerLinks(lab, written), ...onRoutes(lab)];
  },
};

function onCables(lab: Lab, written: WrittenMtus): readonly Diagnostic[] {
  const bridgeOf = parentBridgeLookup(lab);
  return lab.cables.flatMap((cable) => {
    const cableMtu = written.cables.get(cable.at.join('/'));
    const atEnds = facingCableEnds(cable).flatMap(([end, peer]) => {
      const own = written.links.get(linkSummaryKey(end));
      if (!own) return [];
      const bridge = bridgeOf(peer);
      const parent =
        bridge ??
        (cableMtu
          ? { words: 'the cable', mtu: cableMtu.value }
          : { words: linkPhrase(peer.netns, peer.label), mtu: peer.mtu ?? KERNEL_DEFAULT_MTU });
      if (own.value <= parent.mtu) return [];
      const words = linkPhrase(end.netns, end.label);
      return [
        makeDiagnostic(
          'mtu-too-large',
          atValue(own.at),
          `mtu ${own.value} of ${words} is larger than ${parent.mtu} of ${parent.words}`,
          {
            // It works between two pods of one node, and a lab may demonstrate exactly that.
            severity: bridge?.tunnel ? 'warning' : 'error',
            hint: bridge?.tunnel
              ? `write at most ${parent.mtu}: its ${bridge.tunnel} carries no more`
              : `write mtu: ${own.value} at ${parent.words}, or at most ${parent.mtu} here`,
          },
        ),
      ];
    });
    const narrow = facingCableEnds(cable)
      .map(([end]) => bridgeOf(end))
      .find((bridge) => bridge && cableMtu && bridge.mtu < cableMtu.value);
    if (!narrow || !cableMtu) return atEnds;
    return [
      makeDiagnostic(
        'mtu-too-large',
        atValue(cableMtu.at),
        `mtu ${cableMtu.value} of the cable is larger than ${narrow.mtu} of ${narrow.words}`,
        {
          hint: `write mtu: ${cableMtu.value} at ${narrow.words}, or at most ${narrow.mtu} here`,
        },
      ),
    ];
  });
}

/** Findings for a link over another link of the lab, which also carries the headers of the encapsulation. */
function onLowerLinks(lab: Lab, written: WrittenMtus): readonly Diagnostic[] {
  const bridgeOf = parentBridgeLookup(lab);
  const links = new Map(linkSummaries(lab).map((link) => [linkSummaryKey(link), link]));
  return lab.links.flatMap((link) => {
    const words = linkPhrase(link.netns, link.label);
    const own = written.links.get(linkSummaryKey(link));
    const dev = link.lower === null ? undefined : links.get(linkSummaryKey(link.lower));
    const below = dev?.mtu ?? KERNEL_DEFAULT_MTU;
    const most = below - link.overhead;
    const bridge = bridgeOf(link);
    const ofBridge = written.links.get(`${link.netns}/${link.master}`);
    const tooWide = bridge !== null && ofBridge !== undefined && ofBridge.value > (link.mtu ?? KERNEL_DEFAULT_MTU);
    return [
      ...(own && dev?.mac && own.value > most
        ? [
            makeDiagnostic(
              'mtu-too-large',
              atValue(own.at),
              `mtu ${own.value} of ${words} is larger than the ${most} that ${dev.words} has room for`,
              { hint: `write mtu: ${below + own.value - most} at ${dev.words}, or at most ${most} here` },
            ),
          ]
        : []),
      ...(tooWide
        ? [
            makeDiagnostic(
              'mtu-too-large',
              atValue(ofBridge.at),
              `mtu ${ofBridge.value} of ${bridge.words} is larger than ${link.mtu} of its ${link.kind} ${words}`,
              { severity: 'warning', hint: `write at most ${link.mtu}, or nothing` },
            ),
          ]
        : []),
    ];
  });
}

function onRoutes(lab: Lab): readonly Diagnostic[] {
  const links = new Map(linkSummaries(lab).map((link) => [linkSummaryKey(link), link]));
  return lab.routes.flatMap(({ netns, to, mtu, hops, at }) => {
    if (mtu === null) return [];
    const link = hops
      .map((hop) => links.get(`${netns}/${hop.dev}`))
      .find((found) => found?.mac && (found.mtu ?? KERNEL_DEFAULT_MTU) < mtu);
    if (!link) return [];
    const most = link.mtu ?? KERNEL_DEFAULT_MTU;
    return [
      makeDiagnostic(
        'mtu-too-large',
        atValue([...at, 'mtu']),
        `mtu ${mtu} of route ${to} is larger than ${most} of ${link.words}`,
        {
          hint: `write at most ${most}`,
        },
      ),
    ];
  });
}
