import type { Spec } from '../../../model/json.ts';

/** Where a key is: never the key itself. */
export const keySourceSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    file: {
      description: 'A file with the key in base64; a relative path starts at the folder of the topology.',
      type: 'string',
      minLength: 1,
      examples: ['keys/wg0'],
    },
    credential: {
      description: 'The name of a credential of systemd, in the folder `$CREDENTIALS_DIRECTORY`.',
      type: 'string',
      pattern: '^[A-Za-z0-9_.-]+$',
      examples: ['wg0'],
    },
  },
};

/** The other ends of one link. */
export const peersSchema: Spec = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    properties: {
      to: {
        description:
          'A WireGuard link of this lab, `namespace:interface`: its public key, its addresses and where it is reached are known.',
        type: 'string',
        examples: ['b:wg0'],
      },
      publicKey: {
        description: 'The public key of a peer that is not of this lab, as `wg pubkey` writes it.',
        type: 'string',
        examples: ['hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='],
      },
      endpoint: {
        description:
          'Where it is called, an address and a port. Without it: of a link of this lab on a LAN with this namespace, its address there and its `listenPort`; of any other nowhere, so it has to call.',
        type: 'string',
        examples: ['203.0.113.9:51820', '[2001:db8::9]:51820'],
      },
      allowedIPs: {
        description:
          'The networks that are behind it: what it may send from, and what is sent to it. Those beyond the subnets of this link get a route. Without it, of a link of this lab: the addresses of that link.',
        type: ['array', 'string'],
        items: { type: 'string' },
        examples: [['10.9.0.2/32'], '10.9.0.0/24'],
      },
      keepalive: {
        description:
          'How often it sends to the peer although there is nothing to say, so that a NAT on the way stays open.',
        type: ['integer', 'string'],
        minimum: 1,
        maximum: 65535,
        examples: ['25s'],
      },
      presharedKey: {
        description: 'A key that both ends have beside their own, as `wg genpsk` writes one.',
        ...keySourceSchema,
        examples: [{ file: 'keys/psk' }],
      },
    },
  },
};
