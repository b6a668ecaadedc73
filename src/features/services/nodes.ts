import type { LabModel } from '../../lab/model.ts';
import { withoutProject } from '../../lab/naming/project-names.ts';
import { resolveNameAddresses } from '../../lab/naming/resolve-name.ts';
import type { FeatureContext } from '../../lab/registers.ts';
import { expandSelectors } from '../../lab/selectors/expand.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import type { TopologyService } from './topology.ts';

/** The namespaces, `host` among them, that others send to by their default route, or by the bridge of a CNI plugin. */
export function gatewayNamespaces({ world, routes }: Pick<FeatureContext, 'world' | 'routes'>): readonly string[] {
  const owners = new Map(
    [...world.addressesByNetns].flatMap(([netns, all]) => all.map(({ address }) => [address, netns] as const)),
  );
  const vias = routes.filter(({ to }) => to.endsWith('/0')).flatMap(({ hops }) => hops.flatMap(({ via }) => via ?? []));
  const found = new Set(vias.flatMap((via) => owners.get(via) ?? []));
  const isPlugged = [...world.wiring.devices.values()].some((devices) =>
    [...devices.values()].some((link) => (link.network?.bridgeAddresses.length ?? 0) > 0),
  );
  if (isPlugged) found.add('host');
  const everywhere = [...world.topology.namespaces.map(({ name }) => name), 'host'];
  return everywhere.filter((name) => found.has(name));
}

/** The namespaces that translate for a service: what is written, else every gateway. */
export function nodesOf(world: LabModel, service: TopologyService, gateways: readonly string[]): readonly string[] {
  if (service.nodes === null) return gateways;
  const named = expandSelectors(world, service.nodes, projectOf(service)).flatMap(({ value, at }) => {
    if (!('ref' in value)) return [];
    const known = resolveNameAddresses(world, { value: value.ref, at });
    return known ? [withoutProject(world.topology, value.ref).name] : [];
  });
  return [...new Set(named)];
}
