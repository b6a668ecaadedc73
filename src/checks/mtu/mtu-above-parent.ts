import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { MachineCheck } from '../check.ts';
import { linkSummaries, linkSummaryKey } from '../links/link-summaries.ts';
import { touchesHost } from '../machine/touches-host.ts';

/** A route with a larger MTU than its link, which is one of the machine's own. */
export const mtuAboveParent: MachineCheck = {
  name: 'mtu-above-parent',
  code: 'NF3009',
  rank: 50,
  title: 'MTU larger than that of a link of this machine',
  explain:
    'A route of the host has a larger `mtu` than its link, which the machine had before and netform does not change. Its packets would be dropped.',
  bad: `
host: { interfaces: { eth0: { existing: true, address: 10.0.0.1/24 } } }
routes: [{ to: 10.9.0.0/16, via: 10.0.0.2, mtu: 9000 }]
`,
  good: `
host: { interfaces: { eth0: { existing: true, address: 10.0.0.1/24 } } }
routes: [{ to: 10.9.0.0/16, via: 10.0.0.2, mtu: 1400 }]
`,
  query: (lab) => (touchesHost(lab) ? [{ need: 'namespace', netns: 'host' }] : []),
  find: (lab, live) => {
    const made = new Set(linkSummaries(lab).flatMap((link) => (link.mac === null ? [] : [linkSummaryKey(link)])));
    return lab.routes.flatMap(({ netns, mtu, hops, to, at }) => {
      if (netns !== 'host' || mtu === null) return [];
      const narrow = hops
        .filter(({ dev }) => !made.has(`host/${dev}`))
        .map(({ dev }) => live.get({ need: 'namespace', netns: 'host' })?.links.get(dev))
        .find((link) => link && link.mtu < mtu);
      if (!narrow) return [];
      return [
        makeDiagnostic(
          'mtu-above-parent',
          atValue([...at, 'mtu']),
          `mtu ${mtu} of route ${to} is larger than ${narrow.mtu} of ${narrow.name}`,
          {
            hint: `write at most ${narrow.mtu}`,
          },
        ),
      ];
    });
  },
};
