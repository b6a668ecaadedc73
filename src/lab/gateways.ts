import { problem } from '../model/diagnostic.ts';
import { atValue } from '../model/place.ts';
import type { At, Ref } from '../model/topology.ts';
import { parseAddress } from '../net/address.ts';
import { contains } from '../net/prefix.ts';
import { namedAddresses } from './names.ts';
import { listWords, refWords } from './words.ts';
import type { Placed, Segment, Subnet, World } from './world.ts';

/** The router of one subnet of a LAN. `owner`: the link of the lab that has the address; null: a machine outside the lab. */
export type Gateway = { readonly address: string; readonly subnet: Subnet; readonly owner: Placed | null };
export type Gateways = ReadonlyMap<Segment, readonly Gateway[]>;

/**
 * The gateway of every subnet: what is written at the bridge, else at the subnet, else the bridge's own address. `none`
 * gives none.
 */
export function gatewaysOf(world: World): Gateways {
  return new Map(
    world.segments.map((segment) => {
      const placed = segment.links.flatMap((link) => world.placedOn.get(link) ?? []);
      const owners = new Map(placed.map((one) => [one.address, one] as const));
      reportOutside(world, segment);
      return [segment, segment.subnets.flatMap((subnet) => gatewayOf(world, { segment, subnet, owners }))];
    }),
  );
}

type Ground = {
  readonly segment: Segment;
  readonly subnet: Subnet;
  readonly owners: ReadonlyMap<string, Placed>;
};

function gatewayOf(world: World, ground: Ground): Gateway[] {
  const { segment, subnet, owners } = ground;
  if (subnet.gateway.length === 0) {
    const own = segment.bridges.flatMap((bridge) => world.placedOn.get(bridge) ?? []).find((one) => isIn(subnet, one));
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
    if (parsed && contains(subnet.prefix, parsed)) return [{ address, subnet, owner: owners.get(address) ?? null }];
  }
  return [];
}

const isIn = ({ prefix }: Subnet, one: Placed): boolean => contains(prefix, one.prefix);

function namedGateway(world: World, { segment, subnet }: Ground, ref: At<Ref>): Placed | null {
  const all = namedAddresses(world, ref);
  if (!all) return null;
  const here = all.filter((one) => one.segment === segment);
  const found = here.find((one) => isIn(subnet, one));
  if (found) return found;
  if (here.length === 0 && !world.wiring.broken.has(ref.value.name)) world.report(notThere(segment, ref));
  return null;
}

function notThere({ label }: Segment, ref: At<Ref>): ReturnType<typeof problem> {
  const words = refWords(ref.value);
  const hint = `give ${ref.value.name} an interface with an address there, or write the address of the gateway`;
  return problem('no-shared-lan', atValue(ref.at), `gateway ${words} has no address on ${label}`, { hint });
}

function reportOutside({ report }: World, { label, bridges, subnets }: Segment): void {
  const written = new Set([
    ...bridges.flatMap((bridge) => bridge.bridge?.gateway ?? []),
    ...subnets.flatMap((subnet) => subnet.gateway),
  ]);
  for (const { value, at } of written) {
    const address = 'address' in value ? parseAddress(value.address) : null;
    if (!address || !('address' in value) || subnets.some(({ prefix }) => contains(prefix, address))) continue;
    const texts = listWords(subnets.map(({ text }) => text));
    const message = `gateway ${value.address} is outside ${texts === '' ? 'every subnet' : texts} of ${label}`;
    const hint = texts === '' ? `give ${label} a subnet` : `write an address of ${texts}, or a namespace's name`;
    report(problem('gateway-outside-subnet', atValue(at), message, { hint }));
  }
}
