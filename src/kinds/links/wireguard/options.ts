import type { LinkFields } from '../../../model/link-kind.ts';
import { keySourceSchema, peersSchema } from './schema.ts';

/** What makes the link: the kernel (null), or a program in user space. */
export type WireguardOptions = { readonly program: string | null };

/** What is written at one: all of it is of the device behind the link, which a feature resolves. */
export const wireguardFields: LinkFields = {
  listenPort: {
    type: 'feature',
    schema: { type: 'integer', minimum: 1, maximum: 65535 },
    description: 'The UDP port that it listens on. Without it, any: its peers cannot call it, so it has to call them.',
    examples: [51820],
  },
  privateKey: {
    type: 'feature',
    schema: keySourceSchema,
    description:
      'Its private key, as `wg genkey` writes one: in a file that only its owner can read, or a credential of systemd. Without it, one is made on the machine, and kept as long as the lab is there.',
    examples: [{ file: 'keys/wg0' }, { credential: 'wg0' }],
  },
  fwmark: {
    type: 'feature',
    schema: { type: 'integer', minimum: 0, maximum: 4294967295, default: 0 },
    description: 'The mark of the packets that it sends to its peers, for rules of routing; 0: none.',
    examples: [51820],
  },
  peers: {
    type: 'feature',
    schema: peersSchema,
    ends: 'to',
    description: 'The other ends. What comes from an address that none of them may have is dropped.',
    examples: [[{ to: 'b:wg0' }]],
  },
};
