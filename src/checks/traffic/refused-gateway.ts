import type { Lab } from '../../model/lab.ts';
import type { Topology, TopologyGateway, TopologyValue } from '../../model/topology.ts';
import { shortLinkName } from '../../net/name.ts';
import type { NetworkAddress } from './network.ts';

/**
 * Returns whether the file says of an interface that it has no gateway: there, at its bridge, or at the subnet of the
 * bridge.
 */
export function refusedGateways(topology: Topology, lab: Lab): (address: NetworkAddress) => boolean {
  const all = new Map([topology.host, ...topology.namespaces].map((netns) => [netns.name, netns]));
  const labels = new Map(lab.bridges.map(({ netns, name, label }) => [`${netns}/${name}`, label]));
  return ({ netns, dev, lan }) => {
    const own = all.get(netns)?.interfaces.find(({ name }) => shortLinkName(name) === dev);
    if (own?.gateway?.value === false) return true;
    const made = lan?.lan.bridge;
    const label = labels.get(`${made?.netns}/${made?.name}`);
    const bridge = made && all.get(made.netns)?.bridges.find(({ name }) => name === label);
    if (!bridge) return false;
    const named = bridge.subnets.flatMap(({ value }) => ('name' in value ? value.name : []));
    const subnets = topology.subnets.filter(({ name }) => named.includes(name));
    return [bridge, ...subnets].some(({ gateway }) => gateway.some(isNone));
  };
}

const isNone = ({ value }: TopologyValue<TopologyGateway>): boolean => 'none' in value;
