import { addedAddressesKey } from '../../model/lab-parts/added-addresses.ts';
import type { IpAddress } from '../../net/address.ts';
import { createPrefixLookup, type PrefixLookup } from '../../net/longest-prefix-match.ts';
import { type Prefix, parsePrefix } from '../../net/prefix.ts';
import { type AssignedAddress, type LabModel, onLinkPrefix } from '../model.ts';
import type { NamedDevice } from '../wiring/resolve-device.ts';
import { tableOfVrf, vrfTable } from './l3-tables.ts';

/** A subnet that a namespace is on. `placed` null: known from the addresses that a link of the machine has now. */
export type ConnectedSubnet = {
  readonly device: NamedDevice;
  readonly prefix: Prefix;
  readonly placed: AssignedAddress | null;
};

/** Finds the subnets that a namespace is directly connected to. */
export type ConnectedSubnetLookup = {
  /** By namespace; `table`: that of a VRF, for the subnets of its ports, or any other, for those of no VRF. */
  readonly find: (netns: string, address: IpAddress, table?: number) => ConnectedSubnet | null;
  /** Whether the namespace itself has the address. */
  readonly isOwn: (netns: string, address: string) => boolean;
  /** False where the host's own links are not known (the machine was not looked at). */
  readonly complete: (netns: string) => boolean;
};

/** The connected subnets of every namespace; the host's also from what its other links have (`sticky`, keys `host/…`). */
export function createConnectedSubnetLookup(world: LabModel): ConnectedSubnetLookup {
  const lookups = new Map<string, PrefixLookup<ConnectedSubnet>>();
  const machine = machineSubnets(world);
  const tables = vrfTables(world);
  const lookupIn = (netns: string, table: number | null): PrefixLookup<ConnectedSubnet> => {
    const key = `${netns} ${table ?? ''}`;
    const known = lookups.get(key);
    if (known) return known;
    const own = (world.addressesByNetns.get(netns) ?? []).filter(
      ({ link }) => link.kind !== 'lo' && !link.master && vrfTable(link) === table,
    );
    const entries = own.map(
      (placed): ConnectedSubnet => ({
        device: { name: placed.link.name, link: placed.link },
        prefix: onLinkPrefix(placed),
        placed,
      }),
    );
    const lookup = createPrefixLookup(
      netns === 'host' && table === null ? [...entries, ...machine] : entries,
      ({ prefix }) => prefix,
    );
    lookups.set(key, lookup);
    return lookup;
  };
  const own = new Map(
    [...world.addressesByNetns].map(([netns, all]) => [netns, new Set(all.map(({ address }) => address))]),
  );
  const looked = world.currentAddresses[MACHINE_LOOPBACK] !== undefined;
  return {
    find: (netns, address, table) =>
      lookupIn(netns, table !== undefined && tables.has(`${netns} ${table}`) ? table : null)(address),
    isOwn: (netns, address) => own.get(netns)?.has(address) ?? false,
    complete: (netns) => netns !== 'host' || looked,
  };
}

/** The tables of VRFs, as `netns table`. */
const vrfTables = ({ wiring }: LabModel): ReadonlySet<string> =>
  new Set(wiring.links.flatMap(({ netns, l3master }) => (l3master ? [`${netns} ${tableOfVrf(l3master)}`] : [])));

/** Every machine has it: where it is among the sticky addresses, so are those of all other links. */
const MACHINE_LOOPBACK = 'host/lo';

function machineSubnets({ currentAddresses: sticky, wiring }: LabModel): readonly ConnectedSubnet[] {
  const declared = wiring.devices.get('host');
  return Object.entries(sticky).flatMap(([key, prefixes]) => {
    const name = key.slice('host/'.length);
    const link = declared?.get(name);
    if (!key.startsWith('host/') || name === 'lo' || (link && link.kind !== 'existing')) return [];
    const added = sticky[addedAddressesKey(key)] ?? [];
    return prefixes.flatMap((text): ConnectedSubnet[] => {
      if (added.includes(text)) return [];
      const prefix = parsePrefix(text);
      return prefix ? [{ device: { name, link: link ?? null }, prefix, placed: null }] : [];
    });
  });
}
