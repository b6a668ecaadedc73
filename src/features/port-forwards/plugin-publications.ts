import type { LabModel, ModelLink } from '../../lab/model.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { LabPublication } from '../../model/lab-parts/lab-attachment.ts';
import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import { writtenForwards } from './topology.ts';

/** The interface of a namespace whose CNI network publishes ports; null: netform forwards them itself. */
export function publishingLink({ wiring }: LabModel, { name, interfaces }: TopologyNetns): ModelLink | null {
  const links = interfaces.flatMap((one) => (one.attachment && wiring.devices.get(name)?.get(one.name)) ?? []);
  return links.find(({ kind, network }) => kind === 'plugin' && network?.publishes === true) ?? null;
}

/** What `publish` of namespaces leaves to the plugins of their networks. */
export const pluginPublications = (world: LabModel): readonly LabPublication[] =>
  world.topology.namespaces.flatMap((netns): readonly LabPublication[] => {
    const link = publishingLink(world, netns);
    if (link === null) return [];
    return writtenForwards(netns).publish.flatMap(({ address, hostPorts, ports, protocols, at }) => {
      const [from, to] = [hostPorts, ports].map(({ first, last }) => last - first + 1);
      if (from === to) return [{ netns: netns.name, dev: link.name, address, hostPorts, ports, protocols, at }];
      const message = `${from} ports are forwarded to ${to}`;
      const hint = 'write two ranges of one size: they are mapped one to one';
      world.report(makeDiagnostic('port-range-mismatch', atValue(at), message, { hint }));
      return [];
    });
  });

/** The ports of the host that these take, in both families unless an address says which. */
export const publicationClaims = (publications: readonly LabPublication[]): readonly LabPortClaim[] =>
  publications.flatMap(({ netns, address, hostPorts: ports, protocols, at }) => {
    const families = address === null ? ([4, 6] as const) : address.includes(':') ? ([6] as const) : ([4] as const);
    const use = `published to ${netns}`;
    return families.map((family) => ({ netns: 'host', family, address, ports, protocols, use, at }));
  });
