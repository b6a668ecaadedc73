import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, type Path } from '../../model/diagnostics/source-location.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { listPhrase } from '../phrases.ts';
import { addressWord } from './neighbour-words.ts';
import { networkOf } from './network.ts';
import { findOneWayPaths, type OneWayPath } from './one-way-paths.ts';
import { refusedGateways } from './refused-gateway.ts';

/** A namespace that packets reach, and whose answers are lost on their way back. */
export const noReturnRoute: LabCheck = {
  name: 'no-return-route',
  code: 'NF2210',
  ofTraffic: true,
  title: 'No route back',
  explain:
    'A warning: packets of one namespace reach another through routers, and a router on the way back, or the other namespace itself, has no route to where they came from. NAT on the way is taken into account, and who stands beyond a router with NAT or port forwards is taken for the outside. A namespace that is meant not to answer says so with `gateway: none` at its bridge, `gateway: false` at its interface, or a route of the type `unreachable`.',
  bad: `
bridges:
  lan1: { subnet: 10.1.0.0/24, gateway: r1 }
  lan2: 10.2.0.0/24
  lan3: { subnet: 10.3.0.0/24, gateway: r2 }
namespaces:
  a: { interfaces: { eth0: { bridge: lan1 } } }
  c: { interfaces: { eth0: { bridge: lan3 } } }
  r1:
    forwarding: true
    interfaces: { eth0: { bridge: lan1 }, eth1: { bridge: lan2 } }
    routes: [{ to: 10.3.0.0/24, via: r2 }]
  r2: { forwarding: true, interfaces: { eth0: { bridge: lan2 }, eth1: { bridge: lan3 } } }
`,
  good: `
bridges:
  lan1: { subnet: 10.1.0.0/24, gateway: r1 }
  lan2: 10.2.0.0/24
  lan3: { subnet: 10.3.0.0/24, gateway: r2 }
namespaces:
  a: { interfaces: { eth0: { bridge: lan1 } } }
  c: { interfaces: { eth0: { bridge: lan3 } } }
  r1:
    forwarding: true
    interfaces: { eth0: { bridge: lan1 }, eth1: { bridge: lan2 } }
    routes: [{ to: 10.3.0.0/24, via: r2 }]
  r2:
    forwarding: true
    interfaces: { eth0: { bridge: lan2 }, eth1: { bridge: lan3 } }
    routes: [{ to: 10.1.0.0/24, via: r1 }]
`,
  find: (topology, lab) => {
    const network = networkOf(topology, lab);
    const isRefused = refusedGateways(topology, lab);
    const places = new Map(lab.namespaces.map(({ name, at }) => [name, at]));
    const edges = new Set([...lab.nat, ...lab.forwards].map(({ netns }) => netns));
    // Beyond NAT and port forwards is the outside, which knows nothing of the lab.
    const isMeant = ({ target, lost, routers }: OneWayPath): boolean =>
      lost === target.netns && (edges.has(routers.at(-1) ?? '') || isRefused(target));
    const lost = groupBy(
      findOneWayPaths(lab, network).filter((path) => !isMeant(path)),
      // Neighbours that do not know one router are one mistake.
      ({ lost: netns, target, routers }) => (netns === target.netns ? `by ${routers.at(-1)}` : netns),
    );
    return [...lost.values()].flatMap((paths) => {
      const at = places.get(paths[0]?.lost ?? '');
      return at === undefined ? [] : warning(at, paths);
    });
  },
};

function warning(at: Path, paths: readonly OneWayPath[]): readonly Diagnostic[] {
  const [first] = paths;
  if (!first) return [];
  const { from, target, routers, back, lost } = first;
  const words = `${from} reaches ${target.netns} (${target.address}) by ${listPhrase(routers.map(placeWord))}`;
  const nat = `nat: [{ masquerade: ${addressWord(back)} }]`;
  const router = lost === target.netns ? routers.at(-1) : undefined;
  const other = router === undefined ? '' : router === 'host' ? `; or write ${nat}` : `; or add to ${router}: ${nat}`;
  const more = [...new Set(paths.map((path) => path.lost))].slice(1);
  const alike = more.length === 0 ? '' : `, and neither ${more.length === 1 ? 'has' : 'have'} ${listPhrase(more)}`;
  return [
    makeDiagnostic('no-return-route', atKey(at), `${words}, but ${lost} has no route back to ${back}${alike}`, {
      severity: 'warning',
      hint: `${missingRoutes(paths)}${other}`,
    }),
  ];
}

const placeWord = (netns: string): string => (netns === 'host' ? 'the host' : netns);

/** `add to r2: routes: [{ to: 10.1.0.0/24, via: r1 }]`, for each namespace that has none. */
function missingRoutes(paths: readonly OneWayPath[]): string {
  const byNetns = new Map<string, Set<string>>();
  for (const { missing } of paths) {
    for (const { netns, to, via } of missing) {
      const routes = byNetns.get(netns) ?? new Set();
      byNetns.set(netns, routes.add(`{ to: ${addressWord(to)}, via: ${via} }`));
    }
  }
  const byRoutes = groupBy(byNetns, ([, routes]) => `routes: [${[...routes].join(', ')}]`);
  return [...byRoutes]
    .map(([routes, all]) => `add to ${listPhrase(all.map(([netns]) => netns))}: ${routes}`)
    .join('; ');
}
