import type { TopologyGateway } from '../../model/topology.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import { hostRange } from '../../net/prefix.ts';
import { formatRef, joinLimited } from '../messages.ts';
import type { AssignedAddress, LabModel, LanSegment } from '../model.ts';

/** The other namespaces with an address on a LAN of a namespace, in the order of the file. */
export function neighbourNames(world: LabModel, netns: string): readonly string[] {
  const mine = world.addressesByNetnsSegment.get(netns);
  if (!mine) return [];
  return [...world.addressesByNetnsSegment].flatMap(([other, theirs]) =>
    other !== netns && [...theirs.keys()].some((segment) => mine.has(segment)) ? [other] : [],
  );
}

/**
 * What to write as a next hop of a namespace: a neighbour that is also a neighbour of the target, else any neighbour.
 * `target`: the namespace where the packets end, null when it is not known.
 */
export function nextHopHint(world: LabModel, netns: string, target: string | null): string {
  const near = neighbourNames(world, netns);
  if (near.length === 0) return `${netns} has no neighbour that could be one`;
  const beyond = target === null ? [] : neighbourNames(world, target);
  const [between] = near.filter((name) => beyond.includes(name));
  if (between !== undefined)
    return `a next hop is a neighbour; ${between} is one of ${netns} and of ${target}: write via: ${between}`;
  return `a next hop is a neighbour: ${netns} shares a LAN with ${joinLimited(near)}`;
}

/** How a namespace gets onto the LAN of one of these addresses: by an address of its bridge there, else by an interface. */
export function joinLanHint(world: LabModel, netns: string, all: readonly AssignedAddress[]): string {
  const segments = [...new Set(all.flatMap(({ segment }) => segment ?? []))];
  for (const segment of segments) {
    const bridge = segment.bridges.find((one) => one.netns === netns);
    const subnet = segment.subnets.find(({ pool }) => pool !== null);
    const free = subnet && firstFreeHost(world, segment, subnet.prefix);
    if (!bridge || !subnet || !free) continue;
    const gateway = bridge.bridge?.gateway.map(({ value }) => gatewayText(value))[0];
    const more = gateway === undefined ? '' : `, gateway: ${gateway}`;
    const written = `${bridge.label}: { subnet: ${subnet.text}, address: ${free}${more} }`;
    return `give the bridge ${bridge.label} an address, so that ${netns === 'host' ? 'this machine' : netns} is on that LAN: ${written}`;
  }
  const [bridge] = segments.flatMap(({ bridges }) => bridges);
  if (bridge === undefined) return `give ${netns} an interface on a LAN of ${all[0]?.link.netns ?? 'the target'}`;
  const name = bridge.netns === 'host' ? bridge.label : `${bridge.netns}:${bridge.label}`;
  return `give ${netns} an interface on that LAN: interfaces: { ${freeName(world, netns)}: { bridge: ${name.includes(':') ? `"${name}"` : name} } }`;
}

const gatewayText = (value: TopologyGateway): string =>
  'none' in value ? 'none' : 'ref' in value ? formatRef(value.ref) : value.address;

/** The first address of a prefix that is not written at a link of the LAN. */
function firstFreeHost(
  world: LabModel,
  { links }: LanSegment,
  prefix: LanSegment['subnets'][number]['prefix'],
): string | null {
  const used = new Set(
    links
      .flatMap((link) => world.addressesByLink.get(link) ?? [])
      .flatMap(({ automatic, address }) => {
        const parsed = automatic ? null : parseAddress(address);
        return parsed ? [parsed.value] : [];
      }),
  );
  const { first, last } = hostRange(prefix);
  for (let value = first; value <= last && value < first + BigInt(links.length + 1); value++) {
    if (!used.has(value)) return formatAddress({ family: prefix.family, value });
  }
  return null;
}

/** The first `eth0`, `eth1`, … that a namespace does not have. */
function freeName({ wiring }: LabModel, netns: string): string {
  const taken = wiring.devices.get(netns);
  for (let n = 0; ; n++) if (!taken?.has(`eth${n}`)) return `eth${n}`;
}

/** What gives a namespace without an address one: the subnet of its bridge, else an address at an interface. */
export function noAddressHint({ wiring, segmentByLink }: LabModel, netns: string): string {
  for (const link of wiring.devices.get(netns)?.values() ?? []) {
    if (link.kind === 'plugin')
      return `only the plugins of ${link.network?.name} know the address of ${netns} before they run: write it, ${link.label}: { cni: ${link.network?.name}, args: { ips: [10.0.0.5/24] } }`;
    const segment = segmentByLink.get(link);
    const [bridge] = segment && segment.subnets.length === 0 ? segment.bridges : [];
    if (bridge) return `${netns} has no address: give its bridge a subnet, ${bridge.label}: 10.0.0.0/24`;
  }
  return `${netns} has no address: give one of its interfaces an address`;
}

/** The namespace that has an address; null: none of the lab. */
export function ownerOfAddress(world: LabModel, text: string): string | null {
  for (const [netns, all] of world.addressesByNetns) if (all.some(({ address }) => address === text)) return netns;
  return null;
}
