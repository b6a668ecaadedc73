import type { LabCheck } from '../../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../../../../model/diagnostics/source-location.ts';
import type { TopologyFile } from '../../../../model/topology.ts';
import { formatAddress, type IpAddress } from '../../../../net/address.ts';
import { formatPrefix, hasHostBits, networkPrefix, type Prefix, prefixContains } from '../../../../net/prefix.ts';
import { conflistsOf } from '../entries.ts';
import { type ConflistRoute, type ContainerAddresses, containerAddresses } from '../plugins/container-addresses.ts';

/** A route of a conflist that the kernel would refuse, or that the plugin would leave out. */
export const cniRoute: LabCheck = {
  name: 'cni-route',
  code: 'NF2608',
  title: 'Impossible route in a conflist',
  explain:
    'The plugin fails when the first container starts: the `gw` of a route is in no subnet of the container, its `dst` has host bits, a route is there twice, or `isDefaultGateway` adds a default route that `routes` also has. A route whose family the container has no address of is a warning.',
  bad: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - type: bridge
        isDefaultGateway: true
        ipam: { type: host-local, subnet: 10.22.0.0/16, routes: [{ dst: 0.0.0.0/0 }] }
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - type: bridge
        isDefaultGateway: true
        ipam: { type: host-local, subnet: 10.22.0.0/16 }
`,
  find: (topology) => conflistsOf(topology).flatMap(inConflist),
};

const inConflist = (conflist: TopologyFile): readonly Diagnostic[] =>
  containerAddresses(conflist).flatMap((container) => {
    const seen = new Map<string, Path>();
    return container.routes.flatMap((route) => {
      const problem = inRoute(route, container);
      if (problem) return [problem];
      const repeated = twice(route, container, seen);
      return repeated ? [repeated] : [];
    });
  });

type WhereAndHint = { readonly at: Path; readonly hint: string };

const say = (message: string, { at, hint }: WhereAndHint): Diagnostic =>
  makeDiagnostic('cni-route', atValue(at), message, { hint });

function inRoute(route: ConflistRoute, { prefixes, addsDefault }: ContainerAddresses): Diagnostic | null {
  const { to, via, at } = route;
  const own = prefixes.filter(({ family }) => family === to.family);
  const text = formatPrefix(to);
  if (hasHostBits(to)) {
    const hint = `write ${formatPrefix(networkPrefix(to))}`;
    return say(`dst ${text} has host bits, so the kernel refuses the route`, { at: [...at, 'dst'], hint });
  }
  if (own.length === 0) return withoutAddress(route);
  if (via && via.family === to.family && !own.some((prefix) => prefixContains(prefix, via))) {
    const subnets = own.map((prefix) => formatPrefix(networkPrefix(prefix))).join(' and ');
    const hint = 'write an address of that subnet, or leave gw out to use the gateway of the subnet';
    return say(`gw ${formatAddress(via)} is outside ${subnets}, so the container cannot reach it`, {
      at: [...at, 'gw'],
      hint,
    });
  }
  if (!addsDefault || to.length > 0 || via) return null;
  const hint = 'leave out isDefaultGateway, and write isGateway: true; or leave out the route';
  return say(`isDefaultGateway adds the route ${text} that routes also has`, { at: [...at, 'dst'], hint });
}

function withoutAddress({ to, at }: ConflistRoute): Diagnostic {
  const message = `route ${formatPrefix(to)} is IPv${to.family}, and the container has no IPv${to.family} address`;
  return makeDiagnostic('cni-route', atValue([...at, 'dst']), message, {
    severity: 'warning',
    hint: `leave it out, or write an IPv${to.family} subnet too`,
  });
}

/** The kernel keeps one route for each destination and gateway; a route without `gw` leads to that of the subnet. */
function twice({ to, via, at }: ConflistRoute, { gateways }: ContainerAddresses, seen: Map<string, Path>) {
  const hop = via ?? gateways.find(({ family }) => family === to.family) ?? null;
  const key = routeKey(to, hop);
  const first = seen.get(key);
  if (!first) {
    seen.set(key, at);
    return null;
  }
  return makeDiagnostic('cni-route', atValue([...at, 'dst']), `route ${formatPrefix(to)} is there twice`, {
    related: [{ at: atKey(first), message: 'first written here' }],
    hint: 'leave one of them out',
  });
}

const routeKey = (to: Prefix, hop: IpAddress | null): string =>
  `${formatPrefix(to)} ${hop === null ? '' : formatAddress(hop)}`;
