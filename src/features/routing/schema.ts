import { TEXTS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

const ASN: Spec = { type: 'integer', minimum: 1, maximum: 4294967295, examples: [65001] };

/** `routing` of a namespace. */
export const routingSchema: Spec = {
  description:
    'A routing daemon that runs in this namespace (bird, or FRR), and forwards. Under `host` it runs on this machine: BGP by bird, with peers that have `accept`. What it learns does not count as drift, and netform does not remove it.',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    bgp: {
      description: 'BGP, in the families in which it and a peer have addresses.',
      type: 'object',
      additionalProperties: false,
      required: ['asn', 'peers'],
      properties: {
        asn: { description: 'The number of its AS.', ...ASN },
        routerId: {
          description: 'Its id. Without it, its first IPv4 address.',
          type: 'string',
          examples: ['1.1.1.1'],
        },
        peers: {
          description: 'With whom it speaks: namespaces that have `routing`, or addresses of others with their AS.',
          type: ['string', 'array', 'object'],
          minItems: 1,
          items: { $ref: '#/definitions/bgpPeer' },
          examples: [['r2', { to: '203.0.113.9', asn: 65009, accept: ['10.0.0.0/8'] }]],
        },
        advertise: {
          description: 'The networks that it tells its peers about; `connected`: those that it is on.',
          ...TEXTS_SCHEMA,
          examples: [['10.1.0.0/24', 'connected']],
        },
      },
      examples: [{ asn: 65001, peers: ['r2'], advertise: ['connected'] }],
    },
    ospf: {
      description: 'OSPF in one area: version 2 for IPv4, version 3 for IPv6.',
      type: 'object',
      additionalProperties: false,
      required: ['interfaces'],
      properties: {
        area: { description: 'The area.', type: ['integer', 'string'], default: 0, examples: [0, '0.0.0.1'] },
        interfaces: { description: 'The interfaces to other routers.', ...TEXTS_SCHEMA, examples: [['eth0', 'eth1']] },
        passive: {
          description: 'Interfaces whose networks others learn about, and behind which there are no routers.',
          ...TEXTS_SCHEMA,
          examples: ['lan0'],
        },
      },
      examples: [{ interfaces: ['eth0', 'eth1'], passive: ['lan0'] }],
    },
    engine: {
      description:
        'The program: bird, or the daemons of FRR, which vtysh(1) speaks to in the namespace. These need root, and start again for another configuration.',
      type: 'string',
      enum: ['bird', 'frr'],
      default: 'bird',
      examples: ['frr'],
    },
  },
  examples: [{ bgp: { asn: 65001, peers: ['r2'], advertise: ['connected'] } }],
};

/** What `routing` consists of. */
export const routingDefinitions: { readonly [name: string]: Spec } = {
  bgpPeer: {
    type: ['string', 'object'],
    additionalProperties: false,
    properties: {
      to: { description: 'A namespace, or an address.', type: 'string', examples: ['r2', '203.0.113.9'] },
      interface: {
        description:
          'Instead of `to`: an interface, for the router at its other end. They speak by link-local addresses, and need no others there (RFC 8950).',
        type: 'string',
        examples: ['eth1'],
      },
      asn: { description: 'Its AS; of a namespace, what it writes itself.', ...ASN },
      accept: {
        description: 'The networks that are taken from it, with all parts of them. Without it: all.',
        ...TEXTS_SCHEMA,
        examples: [['10.0.0.0/8', 'fd00::/8']],
      },
    },
    examples: ['r2', { to: '203.0.113.9', asn: 65009, accept: ['10.0.0.0/8'] }, { interface: 'eth1' }],
  },
};
