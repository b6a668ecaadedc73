import type { Spec } from '../../model/json.ts';
import { listSchema, MAC_SCHEMA } from '../schema-fragments.ts';

export const neighboursSchema: Spec = {
  description: 'Permanent entries of the neighbour (ARP and NDP) table.',
  ...listSchema('neighbour'),
  examples: [[{ to: '10.1.0.9', mac: '02:00:00:00:00:09', dev: 'wan' }]],
};

export const neighbourSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  required: ['to', 'mac', 'dev'],
  properties: {
    to: { description: "The neighbour's address, or its name.", type: 'string', examples: ['10.1.0.9'] },
    mac: { ...MAC_SCHEMA, description: "The neighbour's MAC address, quoted.", examples: ['02:00:00:00:00:09'] },
    dev: { description: 'The interface that it is reached through.', type: 'string', examples: ['wan'] },
  },
};
