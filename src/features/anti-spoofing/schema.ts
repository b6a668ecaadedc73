import type { Spec } from '../../model/json.ts';

export const antiSpoofingSchema: Spec = {
  description:
    'Whether each namespace on this bridge may send only with the MACs and the addresses that the lab gives it there: frames, IPv4, IPv6, and answers about who has an address (ARP, neighbour discovery). A namespace that forwards may also send from addresses that are not of this LAN. Nothing but IP and ARP passes.',
  type: 'boolean',
  default: false,
  examples: [true],
};
