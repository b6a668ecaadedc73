import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import type { RouteLookup } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { RT_TABLE_DEFAULT, RT_TABLE_LOCAL, RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import { onLinkNetworkText, prefixAddressText, prefixContainsText, requirePrefix } from '../../net/prefix.ts';
import type { MachineCheck } from '../check.ts';
import { nextFreeSubnet, subnetRemedy, takenSubnets } from './free-subnet.ts';
import { isRecordedSubnet } from './recorded-subnet.ts';

/** A subnet of the lab that a table before `main` routes elsewhere. */
export const subnetRoutedElsewhere: MachineCheck = {
  name: 'subnet-routed-elsewhere',
  code: 'NF3016',
  rank: 50,
  title: 'Subnet routed elsewhere by a policy rule',
  explain:
    'A policy rule of this machine asks another table before `main`, and that table has a route to the subnet of a bridge of the host: Tailscale with accepted routes, a VPN, a rule by hand. The host, and what it forwards, could not reach the members. A table with nothing but a default route does not count while the lab is not there, because `wg-quick` asks `main` for everything else first. It is a warning for a lab that has the subnet already.',
  bad: `
bridges: { lan: { subnet: 172.30.0.0/24, address: 172.30.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
host: { forwarding: false }
`,
  good: `
bridges: { lan: { subnet: 192.168.15.0/24, address: 192.168.15.5 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
host: { forwarding: false }
`,
  query: (lab) => hostSubnets(lab).map(({ member }) => ({ need: 'route-lookup', netns: 'host', key: member })),
  find: (lab, live, { recorded }) => {
    const found = findPolicyRoutes(lab, live, recorded);
    const elsewhere = found.map(({ route }) => requirePrefix(route.to)).filter(({ length }) => length > 1);
    const freeSubnet = nextFreeSubnet(() => [...takenSubnets(lab, live), ...elsewhere]);
    return found.map(({ subnet, route: { to, table, dev }, at, isPresent }) =>
      makeDiagnostic(
        'subnet-routed-elsewhere',
        at,
        `subnet ${subnet.text} of bridge ${subnet.dev} is routed to ${dev ?? 'elsewhere'} by table ${table} (${to}), which a rule asks before main`,
        {
          ...(isPresent ? { severity: 'warning' } : {}),
          hint: `${subnetRemedy([freeSubnet(requirePrefix(subnet.text))])}, or add a rule before that one: ip rule add to ${subnet.text} lookup main priority 10`,
        },
      ),
    );
  },
};

type HostSubnet = { readonly text: string; readonly dev: string; readonly member: string; readonly at: SourceLocation };

/** A subnet of the lab and the route that packets to it take instead. `isPresent`: the lab has the subnet already. */
export type PolicyRoute = {
  readonly subnet: HostSubnet;
  readonly route: RouteLookup;
  readonly at: SourceLocation;
  readonly isPresent: boolean;
};

/** The subnets of bridges of the host that a table before `main` routes to a link that is not theirs. */
export function findPolicyRoutes(lab: Lab, live: LiveState, recorded: readonly StateEntry[]): readonly PolicyRoute[] {
  const own = new Set<number | string>([
    ...lab.routes.filter(({ netns }) => netns === 'host').map(({ table }) => table),
    ...recorded.flatMap(({ kind, netns, spec }) =>
      kind === 'route' && netns === 'host' ? [Number(spec['table'])] : [],
    ),
  ]);
  return hostSubnets(lab).flatMap((subnet) => {
    const route = live.get({ need: 'route-lookup', netns: 'host', key: subnet.member });
    const isPresent = isRecordedSubnet(recorded, subnet.dev, subnet.text);
    if (route === null || KERNEL_TABLES.includes(route.table) || own.has(route.table)) return [];
    if (route.dev === subnet.dev || (!isPresent && requirePrefix(route.to).length <= 1)) return [];
    return [{ subnet, route, at: subnet.at, isPresent }];
  });
}

const KERNEL_TABLES = [RT_TABLE_DEFAULT, RT_TABLE_MAIN, RT_TABLE_LOCAL];

/** The prefixes that the host has on bridges, each with the address of a member in it. */
const hostSubnets = (lab: Lab): readonly HostSubnet[] =>
  lab.lans.flatMap(({ bridge, members, subnetPlaces = {}, at }) => {
    if (bridge?.netns !== 'host') return [];
    const own = lab.addresses.filter(({ netns, dev }) => netns === 'host' && dev === bridge.name);
    return own.flatMap(({ prefixes, peers = {} }) =>
      prefixes.flatMap((written): HostSubnet[] => {
        const prefix = onLinkNetworkText(written, peers[written]);
        const all = members.filter(({ netns }) => netns !== 'host').flatMap((member) => member.prefixes);
        const member = all.map(prefixAddressText).find((one) => isIn(prefix, one));
        const place = subnetPlaces[prefix];
        if (member === undefined) return [];
        return [{ text: prefix, dev: bridge.name, member, at: place ? atValue(place) : atKey(at) }];
      }),
    );
  });

const isIn = (prefix: string, address: string): boolean =>
  prefix.includes(':') === address.includes(':') && prefixContainsText(prefix, address);
