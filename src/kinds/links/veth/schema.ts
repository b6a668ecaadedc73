import type { Spec } from '../../../model/json.ts';
import { MTU_SCHEMA } from '../../schema-fragments.ts';

export const linksSchema: Spec = {
  description: 'Cables between two interfaces. They only wire; addresses stand at the interfaces.',
  type: 'array',
  items: { $ref: '#/definitions/link' },
  examples: [['a:eth0 -- router:eth0'], [{ ends: ['red:eth1', 'host:to-red'], mtu: 9000 }]],
};

export const linkSchema: Spec = {
  type: ['string', 'object'],
  additionalProperties: false,
  required: ['ends'],
  properties: {
    ends: {
      description: 'The two ends, each `namespace:interface`; the namespace `host` is the machine itself.',
      type: 'array',
      items: { type: 'string' },
      minItems: 2,
      maxItems: 2,
      examples: [['red:eth1', 'host:to-red']],
    },
    mtu: { description: 'The MTU of both ends.', ...MTU_SCHEMA },
  },
};
