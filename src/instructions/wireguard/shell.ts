import { dirname } from 'node:path';
import { shellWord } from '../../model/values/shell-word.ts';
import type { WireguardInstruction } from './types.ts';

/** Where `wg` looks for the sockets of programs in user space. */
const SOCKET_FOLDER = '/run/wireguard';

/** `wg set`, which reads keys from files; of a program in user space with the folder of its socket where `wg` looks for it. */
export function wireguardShell(instruction: WireguardInstruction): readonly string[] {
  const { netns, name, socket, key, listenPort, fwmark, peers, gone } = instruction;
  const own = ['listen-port', listenPort, 'fwmark', fwmark, ...(key === null ? [] : ['private-key', key.path])];
  const words = [
    ...(gone === 'others' ? [] : gone.flatMap((publicKey) => ['peer', publicKey, 'remove'])),
    ...peers.flatMap(({ publicKey, presharedKey, endpoint, keepalive, allowedIps }) => [
      ...['peer', publicKey],
      ...(presharedKey === null ? [] : ['preshared-key', presharedKey.path]),
      ...(endpoint === null ? [] : ['endpoint', endpointWord(endpoint)]),
      ...['persistent-keepalive', keepalive, 'allowed-ips', allowedIps.join(',')],
    ]),
  ];
  const set = ['wg', 'set', name, ...own, ...words].map((word) => shellWord(String(word))).join(' ');
  const place = netns === 'host' ? '' : `ip netns exec ${shellWord(netns)} `;
  if (socket === null) return [`${place}${set}`];
  const inside = `mount --bind ${shellWord(dirname(socket))} ${SOCKET_FOLDER} && ${set}`;
  return [`${place}unshare --mount sh -c ${shellWord(inside)}`];
}

const endpointWord = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;
