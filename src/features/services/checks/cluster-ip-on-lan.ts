import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { prefixContainsText } from '../../../net/prefix.ts';
import { writtenServices } from '../topology.ts';

/** The address of a service inside the subnet of a LAN. */
export const clusterIpOnLan: LabCheck = {
  name: 'cluster-ip-on-lan',
  code: 'NF2026',
  title: 'Service address on a LAN',
  explain:
    'The address of a service lies in the subnet of a LAN. Its members look for it there, by ARP or neighbour discovery, and send nothing to their gateway.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web-1: { interfaces: { eth0: { bridge: lan } } } }
services: { web: { to: web-1, ports: [80], clusterIP: 10.0.0.100 } }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web-1: { interfaces: { eth0: { bridge: lan } } } }
services: { web: { to: web-1, ports: [80], clusterIP: 10.96.0.100 } }
`,
  find: (topology, lab) =>
    writtenServices(topology).flatMap(({ clusterIPs }) =>
      (clusterIPs ?? []).flatMap(({ value, at }) => {
        const lan = lab.lans.find(({ subnets }) => subnets.some((subnet) => prefixContainsText(subnet, value)));
        if (!lan) return [];
        return [
          makeDiagnostic('cluster-ip-on-lan', atValue(at), `${value} is in the subnet of ${lan.label}`, {
            hint: 'write an address that no LAN has, such as 10.96.0.10, or leave it out',
          }),
        ];
      }),
    ),
};
