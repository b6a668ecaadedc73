import type { Spec } from '../../model/json.ts';
import { mapSchema, TEXTS_SCHEMA } from '../schema-fragments.ts';

export const subnetsSchema: Spec = {
  description:
    'Pools of addresses that have a name of their own or several users. The short form is just the CIDR, or a list of them.',
  ...mapSchema('subnet'),
  examples: [{ pods: { cidr: '10.244.0.0/16', gateway: 'none' } }, { lab: '10.0.0.0/24' }],
};

export const subnetSchema: Spec = {
  type: ['object', 'string', 'array'],
  items: { type: 'string' },
  minItems: 1,
  additionalProperties: false,
  required: ['cidr'],
  properties: {
    cidr: {
      description: 'The network, or one of each family.',
      ...TEXTS_SCHEMA,
      examples: ['10.244.0.0/16', ['10.244.0.0/16', 'fd00:244::/64']],
    },
    gateway: {
      description:
        'Where the default route of those on this subnet goes: an address, the name of a namespace, a list with one of each family, or `none`.',
      ...TEXTS_SCHEMA,
      examples: ['10.244.0.1', 'router', 'none'],
    },
  },
};
