import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { resolvedServices } from '../resolved.ts';

/** A service that no namespace translates for. */
export const serviceWithoutNode: LabCheck = {
  name: 'service-without-node',
  code: 'NF2024',
  title: 'Service without a node',
  explain:
    'No namespace is the gateway of another one, so that connections to the service pass through none that could send them to an endpoint.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { web-1: { interfaces: { eth0: { bridge: lan } } } }
services: { web: { to: web-1, ports: [80] } }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web-1: { interfaces: { eth0: { bridge: lan } } } }
services: { web: { to: web-1, ports: [80] } }
`,
  find: (_topology, lab) =>
    resolvedServices(lab).flatMap(({ service, nodes }) =>
      nodes.length > 0 || service.clusterIPs?.length === 0 || service.nodes !== null
        ? []
        : [
            makeDiagnostic('service-without-node', atKey(service.at), `service ${service.name} has no gateway`, {
              hint: 'give a bridge an address, which makes it the gateway of its LAN, or write nodes: [router]',
            }),
          ],
    ),
};
