import { projectOf } from '../../../lab/selectors/select.ts';
import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { writtenServices } from '../topology.ts';

/** A service with the name of a namespace of its project. */
export const serviceNameTaken: LabCheck = {
  name: 'service-name-taken',
  code: 'NF2023',
  title: 'Service named as a namespace',
  explain: 'A service and a namespace of one project have the same name, so that the name has two meanings.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web: { interfaces: { eth0: { bridge: lan } } } }
services: { web: { to: web, ports: [80] } }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web-1: { interfaces: { eth0: { bridge: lan } } } }
services: { web: { to: web-1, ports: [80] } }
`,
  find: (topology) =>
    writtenServices(topology).flatMap((service) => {
      const twin = topology.namespaces.find(
        (one) => one.name === service.name && projectOf(one) === projectOf(service),
      );
      if (!twin) return [];
      return [
        makeDiagnostic('service-name-taken', atKey(service.at), `${service.name} is a service and a namespace`, {
          related: [{ at: atKey(twin.at), message: 'the namespace' }],
          hint: `rename one of them, such as the namespace to ${service.name}-1`,
        }),
      ];
    }),
};
