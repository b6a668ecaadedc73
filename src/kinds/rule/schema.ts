import type { Spec } from '../../model/json.ts';
import { listSchema, ROUTING_TABLE_SCHEMA } from '../schema-fragments.ts';

export const rulesSchema: Spec = {
  description: 'Which routing table is asked, with the words of `ip rule`.',
  ...listSchema('rule'),
  examples: [[{ from: '10.1.1.0/24', table: 100, priority: 1000 }]],
};

const PORTS_SCHEMA: Spec = {
  type: ['integer', 'string'],
  minimum: 0,
  maximum: 65535,
  examples: [443, '8000-8100'],
};

export const ruleSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  properties: {
    not: {
      description: 'Turns the rule round: it is for what the other words do not describe.',
      type: 'boolean',
      default: false,
      examples: [true],
    },
    from: {
      description:
        'Source: a network, an address, or the name of a bridge, a subnet or a namespace. `0.0.0.0/0` and `::/0` are all of one family.',
      type: 'string',
      examples: ['10.1.1.0/24', 'lan', '0.0.0.0/0'],
    },
    to: { description: 'Destination, as in `from`.', type: 'string', examples: ['fd00:9::/64', 'blue'] },
    iif: { description: 'The interface that the packet came in on.', type: 'string', examples: ['eth0', 'lo'] },
    oif: { description: 'The interface that a local socket is bound to.', type: 'string', examples: ['eth1'] },
    mark: {
      description: 'The firewall mark: a number, or quoted with a mask.',
      type: ['integer', 'string'],
      minimum: 0,
      maximum: 4294967295,
      examples: [16, '0x10/0xff'],
    },
    tos: {
      description: 'The TOS byte of the packet: a multiple of 4, as a number or in hex.',
      type: ['integer', 'string'],
      minimum: 4,
      maximum: 252,
      examples: ['0x10', 16],
    },
    ipproto: {
      description: 'The IP protocol, by name or number.',
      type: ['integer', 'string'],
      minimum: 1,
      maximum: 255,
      examples: ['tcp', 17],
    },
    sport: { description: 'The source port, or a range of them.', ...PORTS_SCHEMA },
    dport: { description: 'The destination port, or a range of them.', ...PORTS_SCHEMA },
    uidrange: {
      description: 'The user ids of the process that sends, as one or a range. Only for what begins here.',
      type: ['integer', 'string'],
      minimum: 0,
      examples: [1000, '1000-1999'],
    },
    l3mdev: {
      description: 'Asks the table of the VRF that the interface of the packet belongs to, in place of `table`.',
      type: 'boolean',
      default: false,
      examples: [true],
    },
    suppressPrefixLength: {
      description:
        'Counts a route of the table as not found when its prefix is not longer than this. 0 leaves out the default route.',
      type: 'integer',
      minimum: 0,
      maximum: 128,
      examples: [0],
    },
    suppressIfGroup: {
      description: 'Counts a route of the table as not found when its interface is of this group.',
      type: 'integer',
      minimum: 0,
      maximum: 2147483647,
      examples: [7],
    },
    goto: {
      description: 'Goes on with the rules from this priority, in place of `table`.',
      type: 'integer',
      minimum: 1,
      maximum: 32767,
      examples: [32766],
    },
    realms: {
      description: 'IPv4: the realms that packets are counted by, as destination or source/destination.',
      type: ['integer', 'string'],
      minimum: 0,
      maximum: 65535,
      examples: [5, '3/5'],
    },
    table: { description: 'The routing table, by number or as main, default or local.', ...ROUTING_TABLE_SCHEMA },
    priority: {
      description: 'Rules are asked from the lowest priority to the highest; the main table is at 32766.',
      type: 'integer',
      minimum: 1,
      maximum: 32765,
      examples: [1000],
    },
    type: {
      description: 'lookup asks the table; the others end the packet here.',
      type: 'string',
      enum: ['lookup', 'blackhole', 'unreachable', 'prohibit'],
      default: 'lookup',
      examples: ['prohibit'],
    },
  },
};
