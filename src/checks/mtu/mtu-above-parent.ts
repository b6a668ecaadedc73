import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';
import { linkSummaries, linkSummaryKey } from '../links/link-summaries.ts';
import { touchesHost } from '../machine/touches-host.ts';
import { linkPhrase } from '../phrases.ts';
import { KERNEL_DEFAULT_MTU } from './mtu-sources.ts';

/** A route, or a link above, with a larger MTU than a link of the machine's own allows. */
export const mtuAboveParent: MachineCheck = {
  name: 'mtu-above-parent',
  code: 'NF3009',
  rank: 50,
  title: 'MTU larger than that of a link of this machine',
  explain:
    'A link of the machine, which netform does not change, has a smaller MTU than a route of the host through it, whose packets would be dropped, or than a link above it needs, which the kernel then refuses. NICs of clouds often have less than 1500.',
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
    const ownMtu = (name: string): number | null =>
      made.has(`host/${name}`) ? null : (live.get({ need: 'namespace', netns: 'host' })?.links.get(name)?.mtu ?? null);
    return [...linksAbove(lab, ownMtu), ...routesAbove(lab, ownMtu)];
  },
};

/** The MTU of a link of the host that the lab does not make; null: the lab makes it, or it is not there. */
type OwnMtuLookup = (name: string) => number | null;

/** The kernel refuses a link that needs more below than the link there carries. */
const linksAbove = (lab: Lab, ownMtu: OwnMtuLookup): readonly Diagnostic[] =>
  lab.links.flatMap(({ kind, netns, label, lower, mtu, overhead, at }) => {
    const below = lower?.netns === 'host' ? ownMtu(lower.name) : null;
    const wanted = mtu ?? KERNEL_DEFAULT_MTU;
    if (lower === null || below === null || wanted + overhead <= below) return [];
    const words = `mtu ${wanted} of ${linkPhrase(netns, label)}, a ${kind}, is larger than ${lower.name} allows, which has ${below}`;
    return [makeDiagnostic('mtu-above-parent', atKey(at), words, { hint: `write mtu: ${below - overhead}` })];
  });

const routesAbove = (lab: Lab, ownMtu: OwnMtuLookup): readonly Diagnostic[] =>
  lab.routes.flatMap(({ netns, mtu, hops, to, at }) => {
    if (netns !== 'host' || mtu === null) return [];
    const narrow = hops.map(({ dev }) => ({ dev, own: ownMtu(dev) })).find(({ own }) => own !== null && own < mtu);
    if (!narrow) return [];
    const message = `mtu ${mtu} of route ${to} is larger than ${narrow.own} of ${narrow.dev}`;
    return [
      makeDiagnostic('mtu-above-parent', atValue([...at, 'mtu']), message, { hint: `write at most ${narrow.own}` }),
    ];
  });
