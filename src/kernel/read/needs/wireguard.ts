import { readUserspaceWireguard, readWireguard } from '../../netlink/links/wireguard/device.ts';
import { findSessions, readEach } from '../need-reader.ts';

/** Asks the kernel, or the program at the socket that the key is the path of. */
export const wireguardReader = readEach<'wireguard'>(({ netns, key }, context) => {
  if (key.startsWith('/')) return readUserspaceWireguard(key);
  const [session] = findSessions(context, netns);
  return session ? readWireguard(session, key) : null;
});
