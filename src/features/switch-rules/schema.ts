import { mapSchema, TEXTS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

export const flowsSchema: Spec = {
  description:
    'Of `kind: ovs`: what the switch does with some frames, as `ovs-ofctl add-flow` takes it, with ports in quotes. All other frames are switched, unless a flow says otherwise; flows that are not in the list are removed.',
  type: 'array',
  items: { type: 'string' },
  examples: [['priority=100,ip,nw_src=10.1.0.1,actions=drop', 'in_port="red:eth0",actions=output:"blue:eth0"']],
};

export const mirrorsSchema: Spec = {
  description: 'Of `kind: ovs`: ports that get copies of the frames of others, by name.',
  ...mapSchema('mirror'),
  examples: [{ watch: { of: 'red:eth0', to: 'probe:eth0' } }],
};

export const mirrorSchema: Spec = {
  type: 'object',
  required: ['to'],
  additionalProperties: false,
  properties: {
    of: {
      description: 'The ports whose frames are copied: `namespace:interface`, or a list. Left out: all.',
      ...TEXTS_SCHEMA,
      examples: ['red:eth0', ['red:eth0', 'blue:eth0']],
    },
    direction: {
      description: 'Frames that arrive at these ports (`in`), that leave by them (`out`), or both.',
      type: 'string',
      enum: ['both', 'in', 'out'],
      default: 'both',
      examples: ['in'],
    },
    vlans: {
      description: 'Only frames of these VLANs, by name or number.',
      type: ['array', 'string', 'integer'],
      items: { type: ['string', 'integer'] },
      minItems: 1,
      examples: [['red'], [10, 20]],
    },
    to: {
      description: 'The port that gets the copies. It gets nothing else, and what comes from it is dropped.',
      type: 'string',
      examples: ['probe:eth0'],
    },
  },
};
