import type { Instruction } from '../../../src/model/instruction.ts';
import type { WireguardDevice } from '../../../src/model/kernel/wireguard.ts';
import { type FakeNetns, netnsOf, refuse, type World } from './world.ts';

type SetWireguard = Instruction & { readonly do: 'wireguard.set' };

/** A device of the kernel: peers that are said are as said, others go or stay. */
export function setWireguard(world: World, { netns, name, key, listenPort, fwmark, peers, gone }: SetWireguard): void {
  const link = netnsOf(world, netns).links.get(name);
  if (link?.kind !== 'wireguard') throw refuse('EOPNOTSUPP', `${name} is not a WireGuard link`);
  const text = (secret: SetWireguard['key']): string | null => secret && (secret.bytes()?.trim() ?? '');
  if ([key, ...peers.map(({ presharedKey }) => presharedKey)].some((one) => one && one.bytes() === null))
    throw refuse('ENOENT', 'a key is in no store');
  const said = new Set(peers.map(({ publicKey }) => publicKey));
  const kept = (link.wireguard?.peers ?? []).filter(
    ({ publicKey }) => gone !== 'others' && !gone.includes(publicKey) && !said.has(publicKey),
  );
  const made = peers.map((peer) => ({ ...peer, presharedKey: text(peer.presharedKey) }));
  link.wireguard = { privateKey: text(key), listenPort, fwmark, peers: [...kept, ...made] };
}

/** What such a device says; null: there is none. */
export const wireguardIn = ({ links }: FakeNetns, name: string): WireguardDevice | null => {
  const link = links.get(name);
  return link?.kind === 'wireguard'
    ? (link.wireguard ?? { privateKey: null, listenPort: 0, fwmark: 0, peers: [] })
    : null;
};

/** All that there are in a namespace, by link. */
export const wireguardLinksIn = (netns: FakeNetns): ReadonlyMap<string, WireguardDevice> =>
  new Map(
    [...netns.links.keys()].flatMap((name) => {
      const device = wireguardIn(netns, name);
      return device ? [[name, device] as const] : [];
    }),
  );
