import type { Spec } from '../../model/json.ts';
import { mapSchema, NAMES_OR_SELECTORS_SCHEMA, TEXTS_SCHEMA } from '../schema-fragments.ts';

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
    split: {
      description:
        'Gives each of some namespaces a share, which `subnet: NAME` means there, and `NAME@NAMESPACE` everywhere. Who has one keeps it; who is new takes the next free one.',
      type: 'object',
      additionalProperties: false,
      required: ['among'],
      properties: {
        prefix: {
          description:
            'The prefix length of a share, one for each CIDR. Without it, shares are ranges of one network, as many as a power of two, and hosts of all shares are neighbours.',
          type: ['integer', 'array'],
          minimum: 1,
          maximum: 127,
          items: { type: 'integer', minimum: 1, maximum: 127 },
          minItems: 1,
          examples: [24, [24, 64]],
        },
        among: {
          description: 'Who gets a share: names, `host`, selectors, or a list of them.',
          ...NAMES_OR_SELECTORS_SCHEMA,
          examples: [['node-1', 'node-2'], { role: 'node' }],
        },
      },
      examples: [{ prefix: 24, among: ['node-1', 'node-2'] }],
    },
  },
};
