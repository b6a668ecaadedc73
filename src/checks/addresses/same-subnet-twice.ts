import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { type OnLinkSubnet, onLinkSubnetsByNetns } from './on-link-subnets.ts';

/** Two links of one namespace on one connected subnet. */
export const sameSubnetTwice: LabCheck = {
  name: 'same-subnet-twice',
  code: 'NF2106',
  rank: 90,
  title: 'Two links of a namespace on one subnet',
  explain:
    'Two links of a namespace have addresses of the same subnet. The kernel then sends everything for that subnet through one of them, whatever is behind the other.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan }, eth1: { bridge: lan } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan }, eth1: { bridge: lan, address: none } } }
`,
  find: (topology, lab) =>
    [...onLinkSubnetsByNetns(topology, lab).values()].flatMap((subnets) => {
      const seen = new Map<string, OnLinkSubnet>();
      const pairs = new Set<string>();
      return subnets.flatMap((subnet) => {
        const first = seen.get(subnet.network);
        if (!first) seen.set(subnet.network, subnet);
        if (!first || first.dev === subnet.dev || pairs.has(`${first.dev} ${subnet.dev}`)) return [];
        pairs.add(`${first.dev} ${subnet.dev}`);
        return [
          makeDiagnostic(
            'same-subnet-twice',
            subnet.at,
            `${subnet.owner} is on ${subnet.network}, and so is ${first.owner}`,
            {
              related: [{ at: first.at, message: `${first.owner} is on it here` }],
              hint: 'put one of them on another subnet, or write "address: none" at one of them',
            },
          ),
        ];
      });
    }),
};
