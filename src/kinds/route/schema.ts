import type { Spec } from '../../model/json.ts';
import { listSchema, MTU_SCHEMA, ROUTING_TABLE_SCHEMA } from '../schema-fragments.ts';

export const routesSchema: Spec = {
  description: "Routes, with the words of `ip route`. At top level they are the host's.",
  ...listSchema('route'),
  examples: [[{ to: 'default', via: '10.1.0.1' }], [{ to: '172.16.42.42/32', type: 'blackhole' }]],
};

const hop: Spec = {
  type: ['string', 'object'],
  additionalProperties: false,
  required: ['to'],
  properties: {
    to: {
      description: 'The next hop: an address or a name.',
      type: 'string',
      examples: ['10.1.0.1', 'r2'],
    },
    weight: {
      description: 'The share of this next hop among several.',
      type: 'integer',
      minimum: 1,
      maximum: 256,
      default: 1,
      examples: [2],
    },
    dev: {
      description: 'The interface of this next hop; needed for a link-local one.',
      type: 'string',
      examples: ['eth0'],
    },
  },
};

export const routeSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  required: ['to'],
  properties: {
    to: {
      description: 'The destination: a network, an address, `default` (its family is that of `via`), or a name.',
      type: 'string',
      examples: ['default', '10.9.0.0/16', 'fd00:9::/64', 'blue'],
    },
    via: {
      description:
        'The next hop: an address or a name. A list shares the traffic; `{to, weight, dev}` says more about one of them.',
      ...hop,
      type: ['string', 'object', 'array'],
      items: hop,
      minItems: 1,
      examples: ['10.1.0.1', 'router', ['r1', { to: 'r2', weight: 2 }]],
    },
    dev: {
      description: 'The interface. Without `via` the destination is directly on that link.',
      type: 'string',
      examples: ['eth0'],
    },
    src: {
      description: 'The source address that this machine prefers for this destination.',
      type: 'string',
      examples: ['10.1.0.2'],
    },
    metric: {
      description: 'Of several routes to one destination the lowest metric wins.',
      type: 'integer',
      minimum: 0,
      maximum: 4294967295,
      examples: [50],
    },
    table: {
      description: 'The routing table, by number or as main, default or local.',
      ...ROUTING_TABLE_SCHEMA,
      default: 'main',
    },
    type: {
      description:
        'What happens to the packets: unicast sends them on, blackhole drops them silently, unreachable and prohibit drop them with an ICMP message.',
      type: 'string',
      enum: ['unicast', 'blackhole', 'unreachable', 'prohibit'],
      default: 'unicast',
      examples: ['blackhole'],
    },
    onlink: {
      description: 'Take the next hop as directly reachable although no address of the interface says so.',
      type: 'boolean',
      default: false,
      examples: [true],
    },
    mtu: { description: 'The MTU along this route.', ...MTU_SCHEMA },
  },
};
