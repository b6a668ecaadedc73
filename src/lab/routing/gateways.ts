import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyRef, TopologyValue } from '../../model/topology.ts';
import { parseAddress } from '../../net/address.ts';
import { prefixContains } from '../../net/prefix.ts';
import { likeAddress } from '../addressing/place-address.ts';
import { formatRef, joinLimited } from '../messages.ts';
import type { AssignedAddress, LabModel, LanSegment, SegmentSubnet } from '../model.ts';
import { resolveNameAddresses } from '../naming/resolve-name.ts';

/** The router of one subnet of a LAN. `owner`: the link of the lab that has the address; null: a machine outside the lab. */
export type SubnetGateway = {
  readonly address: string;
  readonly subnet: SegmentSubnet;
  readonly owner: AssignedAddress | null;
};

/** The gateways of each LAN. */
export type SegmentGateways = ReadonlyMap<LanSegment, readonly SubnetGateway[]>;

/**
 * The gateway of every subnet: what is written at the bridge, else at the subnet, else the bridge's own address. `none`
 * gives none.
 */
export function resolveGateways(world: LabModel): SegmentGateways {
  return new Map(
    world.segments.map((segment) => {
      const placed = segment.links.flatMap((link) => world.addressesByLink.get(link) ?? []);
      const owners = new Map(placed.map((one) => [one.address, one] as const));
      reportGatewaysOutsideSubnets(world, segment);
      return [segment, segment.subnets.flatMap((subnet) => resolveGateway(world, { segment, subnet, owners }))];
    }),
  );
}

type GatewayContext = {
  readonly segment: LanSegment;
  readonly subnet: SegmentSubnet;
  readonly owners: ReadonlyMap<string, AssignedAddress>;
};

function resolveGateway(world: LabModel, ground: GatewayContext): SubnetGateway[] {
  const { segment, subnet, owners } = ground;
  if (subnet.gateway.length === 0) {
    const own = segment.bridges
      .flatMap((bridge) => world.addressesByLink.get(bridge) ?? [])
      .find((one) => isInSubnet(subnet, one));
    return own ? [{ address: own.address, subnet, owner: own }] : [];
  }
  for (const written of subnet.gateway) {
    if ('none' in written.value) return [];
    if ('ref' in written.value) {
      const named = namedGateway(world, ground, { value: written.value.ref, at: written.at });
      if (named) return [{ address: named.address, subnet, owner: named }];
      continue;
    }
    const { address } = written.value;
    const parsed = parseAddress(address);
    if (parsed && prefixContains(subnet.prefix, parsed))
      return [{ address, subnet, owner: owners.get(address) ?? null }];
  }
  return [];
}

const isInSubnet = ({ prefix }: SegmentSubnet, one: AssignedAddress): boolean => prefixContains(prefix, one.prefix);

function namedGateway(
  world: LabModel,
  { segment, subnet }: GatewayContext,
  ref: TopologyValue<TopologyRef>,
): AssignedAddress | null {
  const all = resolveNameAddresses(world, ref);
  if (!all) return null;
  const here = all.filter((one) => one.segment === segment);
  const found = here.find((one) => isInSubnet(subnet, one));
  if (found) return found;
  if (here.length === 0 && !world.wiring.broken.has(ref.value.name)) world.report(gatewayNotOnLan(segment, ref));
  return null;
}

function gatewayNotOnLan({ label }: LanSegment, ref: TopologyValue<TopologyRef>): ReturnType<typeof makeDiagnostic> {
  const words = formatRef(ref.value);
  const hint = `give ${ref.value.name} an interface with an address there, or write the address of the gateway`;
  return makeDiagnostic('no-shared-lan', atValue(ref.at), `gateway ${words} has no address on ${label}`, { hint });
}

function reportGatewaysOutsideSubnets({ report }: LabModel, { label, bridges, subnets }: LanSegment): void {
  const written = new Set([
    ...bridges.flatMap((bridge) => bridge.bridge?.gateway ?? []),
    ...subnets.flatMap((subnet) => subnet.gateway),
  ]);
  for (const { value, at } of written) {
    const address = 'address' in value ? parseAddress(value.address) : null;
    if (!address || !('address' in value) || subnets.some(({ prefix }) => prefixContains(prefix, address))) continue;
    const texts = joinLimited(subnets.map(({ text }) => text));
    const message = `gateway ${value.address} is outside ${texts === '' ? 'every subnet' : texts} of ${label}`;
    const near = likeAddress(address, subnets.find(({ prefix }) => prefix.family === address.family)?.prefix);
    const like = near === '' ? '' : `, such as ${near}`;
    const hint = texts === '' ? `give ${label} a subnet` : `write an address of ${texts}${like}, or a namespace's name`;
    report(makeDiagnostic('gateway-outside-subnet', atValue(at), message, { hint }));
  }
}

/** The entry of `gateway-outside-subnet` in docs/checks.md. */
export const gatewayOutsideSubnetDoc: CheckDoc = {
  name: 'gateway-outside-subnet',
  code: 'NF2209',
  title: 'Gateway outside the subnet',
  explain:
    'The gateway of a bridge or a subnet lies outside its subnets, or names a namespace that has no address there.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, gateway: 10.1.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, gateway: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
};
