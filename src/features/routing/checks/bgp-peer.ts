import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { labRouters } from '../topology.ts';

/** Two routers with one id. Peers that cannot be reached, or have no BGP, are found where they are resolved. */
export const bgpPeer: LabCheck = {
  name: 'bgp-peer',
  code: 'NF2413',
  title: 'Routers that cannot be peers',
  explain:
    'A peer of BGP has no `routing` with `bgp`, or no address in a family of the router; or two routers have the same id, with which neither takes the other for a router.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  r1: { interfaces: { eth0: { bridge: lan } }, routing: { bgp: { asn: 65001, peers: [r2] } } }
  r2: { interfaces: { eth0: { bridge: lan } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  r1: { interfaces: { eth0: { bridge: lan } }, routing: { bgp: { asn: 65001, peers: [r2] } } }
  r2: { interfaces: { eth0: { bridge: lan } }, routing: { bgp: { asn: 65002, peers: [r1] } } }
`,
  find: (_topology, lab) => {
    const known = new Map<string, string>();
    return labRouters(lab).flatMap(({ netns, data: { routerId }, at }) => {
      const other = known.get(routerId);
      known.set(routerId, netns);
      const hint = 'give each a routerId of its own';
      const message = `the router id ${routerId} is that of ${other}, too`;
      return other === undefined ? [] : [makeDiagnostic('bgp-peer', atKey(at), message, { hint })];
    });
  },
};
