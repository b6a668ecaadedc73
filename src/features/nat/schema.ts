import { listSchema, NAMES_OR_SELECTORS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

export const natSchema: Spec = {
  description:
    "Source NAT for what leaves. Traffic that stays inside the source subnet is never rewritten. At top level it is the host's.",
  ...listSchema('nat'),
  examples: [[{ masquerade: 'v-net-0' }], [{ snat: 'lan-a', as: '203.0.113.5', out: 'eth0' }]],
};

const SOURCE = 'a bridge, a subnet, a namespace, `namespace:interface`, a CIDR, a selector, a list of them, or `any`.';

export const natEntrySchema: Spec = {
  type: 'object',
  additionalProperties: false,
  properties: {
    masquerade: {
      description: `Whose traffic takes the address of the outgoing interface: ${SOURCE}`,
      ...NAMES_OR_SELECTORS_SCHEMA,
      examples: ['v-net-0', 'any', ['pods', '10.1.0.0/24'], { app: 'db' }],
    },
    snat: {
      description: `Whose traffic takes the address given by \`as\`: ${SOURCE}`,
      ...NAMES_OR_SELECTORS_SCHEMA,
      examples: ['lan-a', { app: 'db' }],
    },
    as: {
      description: 'With snat: the address, and a range of ports if wanted. ICMP takes the address only.',
      type: 'string',
      examples: ['203.0.113.5', '203.0.113.5:10000-10999', '[2001:db8::5]:10000-10999'],
    },
    out: {
      description: 'Only what leaves through this interface.',
      type: 'string',
      examples: ['eth0'],
    },
    exceptTo: {
      description:
        'Destinations that are not rewritten: a bridge, a subnet, a namespace, a CIDR, a selector, or a list of them.',
      ...NAMES_OR_SELECTORS_SCHEMA,
      examples: ['10.244.0.0/16', ['pods', '10.96.0.0/12'], { project: 'prod', app: 'db' }],
    },
  },
};
