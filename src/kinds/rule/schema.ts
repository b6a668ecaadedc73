import type { Spec } from '../../model/json.ts';
import { listSchema, ROUTING_TABLE_SCHEMA } from '../schema-fragments.ts';

export const rulesSchema: Spec = {
  description: 'Which routing table is asked, with the words of `ip rule`.',
  ...listSchema('rule'),
  examples: [[{ from: '10.1.1.0/24', table: 100, priority: 1000 }]],
};

export const ruleSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: { description: 'Source network or address.', type: 'string', examples: ['10.1.1.0/24'] },
    to: { description: 'Destination network or address.', type: 'string', examples: ['fd00:9::/64'] },
    iif: { description: 'The interface that the packet came in on.', type: 'string', examples: ['eth0', 'lo'] },
    oif: { description: 'The interface that a local socket is bound to.', type: 'string', examples: ['eth1'] },
    mark: {
      description: 'The firewall mark: a number, or quoted with a mask.',
      type: ['integer', 'string'],
      minimum: 0,
      maximum: 4294967295,
      examples: [16, '0x10/0xff'],
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
