import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import { writtenAddresses } from '../addresses/written-addresses.ts';
import { bridgePhrase, linkPhrase } from '../phrases.ts';
import { linkSummaryKey } from './link-summaries.ts';

/** An address at a link that is a port of a bridge. */
export const portWithAddress: LabCheck = {
  name: 'port-with-address',
  code: 'NF2109',
  rank: 60,
  title: 'Address on a bridge port',
  explain:
    'Frames that arrive at a bridge port belong to the bridge, so an address on the port is never reachable. Put the address on the bridge.',
  bad: `
namespaces:
  router:
    bridges: { sw: {} }
    interfaces: { p0: { bridge: sw, address: 10.0.0.1/24 } }
  red: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "router:p0 -- red:eth0" ]
`,
  good: `
namespaces:
  router:
    bridges: { sw: { address: 10.0.0.1/24 } }
    interfaces: { p0: { bridge: sw } }
  red: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "router:p0 -- red:eth0" ]
`,
  find: (topology, lab) => {
    const masters = new Map(
      [...lab.cables.flatMap(({ ends }) => ends), ...lab.links].flatMap((end) =>
        end.master ? [[linkSummaryKey(end), masterPhrase(lab, end.netns, end.master)] as const] : [],
      ),
    );
    return writtenAddresses(topology, lab).flatMap((written) => {
      const bridge = masters.get(`${written.netns}/${written.dev}`);
      if (bridge === undefined) return [];
      return [
        makeDiagnostic(
          'port-with-address',
          atValue(written.at),
          `${written.owner} is a port of ${bridge}, so ${written.address} would be unreachable there`,
          { hint: `write the address at ${bridge}` },
        ),
      ];
    });
  },
};

const masterPhrase = ({ links }: Lab, netns: string, name: string): string => {
  const own = links.find((link) => link.netns === netns && link.name === name);
  return own ? linkPhrase(netns, own.label) : bridgePhrase(netns, name);
};
