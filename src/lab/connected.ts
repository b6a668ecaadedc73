import type { Address } from '../net/address.ts';
import { type Lookup, lookupOf } from '../net/lookup.ts';
import { type Prefix, parsePrefix } from '../net/prefix.ts';
import type { Device } from './devices.ts';
import type { Placed, World } from './world.ts';

/** A subnet that a namespace is on. `placed` null: known from the addresses that a link of the machine has now. */
export type Connected = { readonly device: Device; readonly prefix: Prefix; readonly placed: Placed | null };

export type ConnectedSubnets = {
  /** By namespace. */
  readonly find: (netns: string, address: Address) => Connected | null;
  /** Whether the namespace itself has the address. */
  readonly isOwn: (netns: string, address: string) => boolean;
  /** False where the host's own links are not known (the machine was not looked at). */
  readonly complete: (netns: string) => boolean;
};

/** The connected subnets of every namespace; the host's also from what its other links have (`sticky`, keys `host/…`). */
export function connectedSubnets(world: World): ConnectedSubnets {
  const lookups = new Map<string, Lookup<Connected>>();
  const machine = machineSubnets(world);
  const lookupIn = (netns: string): Lookup<Connected> => {
    const known = lookups.get(netns);
    if (known) return known;
    const own = (world.placedIn.get(netns) ?? []).filter(({ link }) => link.kind !== 'lo' && !link.master);
    const entries = own.map(
      (placed): Connected => ({
        device: { name: placed.link.name, link: placed.link },
        prefix: placed.prefix,
        placed,
      }),
    );
    const lookup = lookupOf(netns === 'host' ? [...entries, ...machine] : entries, ({ prefix }) => prefix);
    lookups.set(netns, lookup);
    return lookup;
  };
  const own = new Map([...world.placedIn].map(([netns, all]) => [netns, new Set(all.map(({ address }) => address))]));
  const looked = world.sticky[MACHINE_LOOPBACK] !== undefined;
  return {
    find: (netns, address) => lookupIn(netns)(address),
    isOwn: (netns, address) => own.get(netns)?.has(address) ?? false,
    complete: (netns) => netns !== 'host' || looked,
  };
}

/** Every machine has it: where it is among the sticky addresses, so are those of all other links. */
const MACHINE_LOOPBACK = 'host/lo';

function machineSubnets({ sticky, wiring }: World): readonly Connected[] {
  const declared = wiring.devices.get('host');
  return Object.entries(sticky).flatMap(([key, prefixes]) => {
    const name = key.slice('host/'.length);
    const link = declared?.get(name);
    if (!key.startsWith('host/') || name === 'lo' || (link && link.kind !== 'existing')) return [];
    return prefixes.flatMap((text): Connected[] => {
      const prefix = parsePrefix(text);
      return prefix ? [{ device: { name, link: link ?? null }, prefix, placed: null }] : [];
    });
  });
}
