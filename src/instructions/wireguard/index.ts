import { defineInstructionFamily } from '../define-instruction-family.ts';
import { executeWireguard } from './execute.ts';
import { wireguardShell } from './shell.ts';

/** Keys, ports and peers of WireGuard devices. */
export const wireguardInstructionFamily = defineInstructionFamily({
  name: 'wireguard',
  after: executeWireguard,
  errors: () => ({
    ENOENT: 'no program makes this WireGuard device any more',
    ECONNREFUSED: 'the program that makes this WireGuard device does not answer',
    EADDRINUSE: 'the port that it listens on is taken',
  }),
  shell: wireguardShell,
});
