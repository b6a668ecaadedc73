import { readWireguard } from '../../netlink/links/wireguard/device.ts';
import { readInNetns } from '../need-reader.ts';

/** Asks the kernel of each of its WireGuard links. */
export const wireguardLinksReader = readInNetns<'wireguard-links'>((session, { links }) => {
  const named = links(session).filter(({ kind }) => kind === 'wireguard');
  return new Map(
    named.flatMap(({ name }) => {
      const device = readWireguard(session, name);
      return device === null ? [] : [[name, device] as const];
    }),
  );
});
