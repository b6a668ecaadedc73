import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../../model/diagnostics/source-location.ts';
import type { Topology, TopologyBridge, TopologyNetns } from '../../../model/topology.ts';
import { natEntries } from '../topology.ts';

/** A name under `nat` that is a bridge's and a subnet's, with different addresses behind it. */
export const ambiguousName: LabCheck = {
  name: 'ambiguous-name',
  code: 'NF2009',
  title: 'Ambiguous name',
  explain:
    'A bridge and an entry under `subnets` have the same name, the bridge is on another subnet, and `nat` uses the name.',
  bad: `
subnets: { pods: 10.244.0.0/16 }
bridges: { pods: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
nat: [{ masquerade: pods }]
`,
  good: `
subnets: { pods: 10.244.0.0/16 }
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
nat: [{ masquerade: lan }]
`,
  find: (topology) => {
    const subnets = new Map(topology.subnets.map((subnet) => [subnet.name, subnet]));
    return [topology.host, ...topology.namespaces].flatMap((netns) =>
      natEntries(netns)
        .flatMap(({ from, exceptTo }) => [...from, ...exceptTo])
        .flatMap(({ value, at }) => {
          if (!('name' in value)) return [];
          const subnet = subnets.get(value.name);
          const bridge = subnet && bridgeOf(topology, netns, value.name);
          if (!subnet || !bridge || isOn(bridge, value.name)) return [];
          return [
            makeDiagnostic(
              'ambiguous-name',
              atValue(at),
              `${value.name} is a bridge and a subnet, with different addresses`,
              {
                related: [
                  { at: atKey(bridge.at), message: 'the bridge' },
                  { at: atKey(subnet.at), message: 'the subnet' },
                ],
                hint: 'rename one of them, or write the CIDR that is meant',
              },
            ),
          ];
        }),
    );
  },
};

/** Its own bridge first, then the host's: as interfaces find theirs. */
const bridgeOf = (topology: Topology, netns: TopologyNetns, name: string): TopologyBridge | undefined =>
  [...netns.bridges, ...topology.host.bridges].find((bridge) => bridge.name === name);

const isOn = (bridge: TopologyBridge, subnet: string): boolean =>
  bridge.subnets.every(({ value }) => 'name' in value && value.name === subnet);
