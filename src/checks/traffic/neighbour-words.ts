import { prefixContains } from '../../net/prefix.ts';
import { nextFreeHost } from '../addresses/next-free-host.ts';
import type { Network, NetworkLan } from './network.ts';

/**
 * How a namespace writes a neighbour on a LAN as `via`: by name where both share that LAN only, else by address. Null: no
 * address of the neighbour is in a subnet of the namespace there.
 */
export function viaWord(network: Network, { netns, neighbour, lan, family }: ViaRequest): string | null {
  const own = (lan.members.get(netns) ?? []).filter(({ prefix }) => prefix.family === family);
  const theirs = (lan.members.get(neighbour) ?? []).filter(({ prefix }) => prefix.family === family);
  const near = theirs.find((one) => own.some(({ connected }) => prefixContains(connected, one.prefix)));
  if (!near) return null;
  const [mine, others] = [network.addressesByNetns.get(netns) ?? [], network.addressesByNetns.get(neighbour) ?? []];
  const [few, many] = mine.length < others.length ? [mine, neighbour] : [others, netns];
  const isOnly = few.every((one) => !one.lan || one.lan === lan || !one.lan.members.has(many)) && theirs[0] === near;
  return isOnly ? neighbour : addressWord(near.address);
}

export type ViaRequest = {
  readonly netns: string;
  readonly neighbour: string;
  readonly lan: NetworkLan;
  readonly family: 4 | 6;
};

/** How a namespace becomes the gateway of a LAN that it has no address on: its bridge gets one in each subnet. */
export function gatewayRemedy(
  network: Network,
  { lan: { label, bridge, subnets } }: NetworkLan,
  netns: string,
): string {
  const free = nextFreeHost();
  const addresses = subnets.flatMap((subnet) => free(subnet, () => [...network.owners.keys()]) ?? []);
  return bridge?.netns === netns && addresses.length === subnets.length
    ? `give the bridge an address: ${bridge.name}: { subnet: ${listWord(subnets)}, address: ${listWord(addresses)} }`
    : `give ${netns === 'host' ? 'the host' : netns} an interface on ${label}, and write gateway: ${netns} there`;
}

const listWord = (texts: readonly string[]): string =>
  texts.length === 1 ? texts.map(addressWord).join() : `[${texts.map(addressWord).join(', ')}]`;

/** An address or prefix as YAML takes it between braces: that of IPv6 in quotation marks. */
export const addressWord = (text: string): string => (text.includes(':') ? `"${text}"` : text);
