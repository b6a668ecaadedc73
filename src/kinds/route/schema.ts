import type { Spec } from '../../model/json.ts';
import {
  listSchema,
  MTU_SCHEMA,
  NAME_OR_SELECTOR_SCHEMA,
  ROUTING_TABLE_SCHEMA,
  TEXTS_SCHEMA,
} from '../schema-fragments.ts';

export const routesSchema: Spec = {
  description: "Routes, with the words of `ip route`. At top level they are the host's.",
  ...listSchema('route'),
  examples: [[{ to: 'default', via: '10.1.0.1' }], [{ to: '172.16.42.42/32', type: 'blackhole' }]],
};

const hop: Spec = {
  type: ['string', 'object'],
  additionalProperties: false,
  properties: {
    to: {
      description:
        'The next hop: an address, a name, or a selector, which gives one for each namespace. Without it, `dev` alone: what is directly on that link.',
      ...NAME_OR_SELECTOR_SCHEMA,
      examples: ['10.1.0.1', 'r2', { role: 'spine' }],
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
      description: 'The interface of this next hop; needed for a link-local one, and for one without `to`.',
      type: 'string',
      examples: ['eth0'],
    },
  },
};

/** The largest value that a metric of a route can have. */
const LARGEST_METRIC = 4294967295;
/** What the kernel makes of a larger one (`fib_metrics_convert` in net/ipv4/metrics.c): 65535 less 15, and less 40. */
const LARGEST_ROUTE_MTU = 65520;
const LARGEST_ADVMSS = 65495;

const number = (description: string, example: number, maximum = LARGEST_METRIC): Spec => ({
  ...{ description, type: 'integer', minimum: 1, maximum },
  examples: [example],
});

/** What TCP takes from a route. */
const metrics: Spec = {
  advmss: number('The segment size that TCP announces to the other side, in bytes.', 1360, LARGEST_ADVMSS),
  initcwnd: number('The first congestion window of TCP, in segments.', 10),
  initrwnd: number('The first receive window of TCP, in segments.', 20),
  window: number('The largest window that TCP announces to the other side, in bytes.', 65535),
  rtt: {
    description: 'The first estimate of the round-trip time.',
    type: ['string', 'integer'],
    examples: ['20ms'],
  },
  rtoMin: {
    description: 'The shortest time before TCP sends again. It is locked, because the kernel heeds it only so.',
    type: ['string', 'integer'],
    examples: ['200ms'],
  },
  quickack: {
    description: 'TCP acknowledges at once.',
    type: 'boolean',
    default: false,
    examples: [true],
  },
  lock: {
    description:
      'Which of `mtu`, `window`, `rtt`, `advmss`, `initcwnd` and `initrwnd` the kernel does not change by itself: of a locked `mtu` no larger or smaller one is found out.',
    ...TEXTS_SCHEMA,
    examples: ['mtu', ['mtu', 'advmss']],
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
        'The next hop: an address or a name. A list shares the traffic; `{to, weight, dev}` says more about one of them, and `{dev, weight}` is a link alone (IPv4). An IPv4 destination may have a next hop of IPv6.',
      ...hop,
      type: ['string', 'object', 'array'],
      items: hop,
      minItems: 1,
      examples: ['10.1.0.1', 'router', ['r1', { to: 'r2', weight: 2 }], { to: 'fe80::1', dev: 'eth0' }],
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
      description:
        'The routing table, by number or as main, default or local. Without it, main; of a route of type local, local.',
      ...ROUTING_TABLE_SCHEMA,
      default: 'main',
    },
    type: {
      description:
        'What happens to the packets: unicast sends them on, local takes them in (with `dev: lo`), blackhole drops them silently, unreachable and prohibit drop them with an ICMP message, throw goes on with the next rule as if the table had no route.',
      type: 'string',
      enum: ['unicast', 'local', 'throw', 'blackhole', 'unreachable', 'prohibit'],
      default: 'unicast',
      examples: ['blackhole', 'throw'],
    },
    onlink: {
      description: 'Take the next hop as directly reachable although no address of the interface says so.',
      type: 'boolean',
      default: false,
      examples: [true],
    },
    mtu: { description: 'The MTU along this route.', ...MTU_SCHEMA, maximum: LARGEST_ROUTE_MTU },
    tos: {
      description: 'IPv4: the route is for packets with this TOS byte alone; a multiple of 4, as a number or in hex.',
      type: ['integer', 'string'],
      minimum: 4,
      maximum: 252,
      examples: ['0x10', 16],
    },
    scope: {
      description:
        'IPv4: how far the destination is. Without it, global behind a next hop, link directly on a link, host for what is local.',
      type: 'string',
      enum: ['global', 'site', 'link', 'host'],
      examples: ['global'],
    },
    pref: {
      description: 'IPv6: which of several default routers is preferred.',
      type: 'string',
      enum: ['low', 'medium', 'high'],
      default: 'medium',
      examples: ['high'],
    },
    realms: {
      description: 'IPv4: the realms that packets are counted by, as destination or source/destination.',
      type: ['integer', 'string'],
      minimum: 0,
      maximum: 65535,
      examples: [5, '3/5'],
    },
    ...metrics,
  },
};
