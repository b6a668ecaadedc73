import { sysError } from '../../kernel/errno.ts';
import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import { changeUserspaceWireguard, changeWireguard } from '../../kernel/netlink/links/wireguard/device.ts';
import type { WireguardInstruction, WireguardSecret } from './types.ts';

/** Each device at once, by the kernel or by the program that makes it. */
export const executeWireguard: BatchExecutor<WireguardInstruction> = (instructions, { sessions }, attempt) => {
  for (const one of instructions) {
    attempt([one], () => {
      const { netns, name, socket, key, listenPort, fwmark, gone } = one;
      const peers = one.peers.map((peer) => ({ ...peer, presharedKey: keyText(peer.presharedKey) }));
      const change = { privateKey: keyText(key), listenPort, fwmark, peers, gone };
      if (socket === null) changeWireguard(sessions.open(netns), name, change);
      else changeUserspaceWireguard(socket, change);
    });
  }
};

function keyText(secret: WireguardSecret | null): string | null {
  if (secret === null) return null;
  const bytes = secret.bytes();
  if (bytes === null) throw sysError('ENOENT', `the key of ${secret.path} is in no store`);
  return bytes.trim();
}
