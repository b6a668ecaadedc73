import type { Lab } from '../../model/lab.ts';
import { networkText } from '../../net/prefix.ts';
import type { Network, NetworkAddress } from './network.ts';

/** A namespace that sends and receives packets of its own: it does not forward those of others. */
export type Endpoint = {
  readonly netns: string;
  /** Its first address on a LAN. */
  readonly address: NetworkAddress;
  /** Whether it sends anything beyond its LANs. */
  readonly hasRoute: boolean;
};

/** The endpoints of a family; of those on the same LANs with the same routes only the first. */
export function endpointsOf(lab: Lab, network: Network, family: 4 | 6): readonly Endpoint[] {
  const numbers = new Map(network.lans.map((lan, i) => [lan, i]));
  const seen = new Set<string>();
  return lab.namespaces.flatMap(({ name: netns }): readonly Endpoint[] => {
    if (network.forwards(netns, family) || network.netnsWithRules.has(netns) || network.foreign.has(netns)) return [];
    const own = (network.addressesByNetns.get(netns) ?? []).filter(
      ({ prefix, lan }) => lan && prefix.family === family,
    );
    const [address] = own;
    if (!address) return [];
    const routes = (network.routesByNetns.get(netns) ?? []).filter(({ to }) => to.includes(':') === (family === 6));
    const key = JSON.stringify([
      own.map(({ lan, text }) => [lan && numbers.get(lan), networkText(text)]),
      routes.map(({ to, type, hops }) => [to, type, hops.map(({ via }) => via)]),
    ]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ netns, address, hasRoute: routes.length > 0 }];
  });
}
