import type { Spec } from '../../model/json.ts';
import { listSchema, TEXTS_SCHEMA } from '../schema-fragments.ts';

export const natSchema: Spec = {
  description:
    "Source NAT for what leaves. Traffic that stays inside the source subnet is never rewritten. At top level it is the host's.",
  ...listSchema('nat'),
  examples: [[{ masquerade: 'v-net-0' }], [{ snat: 'lan-a', as: '203.0.113.5', out: 'eth0' }]],
};

const SOURCE = 'a bridge, a subnet, a CIDR, a list of them, or `any`.';

export const natEntrySchema: Spec = {
  type: 'object',
  additionalProperties: false,
  properties: {
    masquerade: {
      description: `Whose traffic takes the address of the outgoing interface: ${SOURCE}`,
      ...TEXTS_SCHEMA,
      examples: ['v-net-0', 'any', ['pods', '10.1.0.0/24']],
    },
    snat: {
      description: `Whose traffic takes the address given by \`as\`: ${SOURCE}`,
      ...TEXTS_SCHEMA,
      examples: ['lan-a'],
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
      description: 'Destinations that are not rewritten: a bridge, a subnet, a CIDR, or a list of them.',
      ...TEXTS_SCHEMA,
      examples: ['10.244.0.0/16', ['pods', '10.96.0.0/12']],
    },
  },
};

export const portForwardsSchema: Spec = {
  description:
    'Ports of this machine or namespace that lead to another. Written `listen -> to`, or with both keys. Without a listen address they work from outside, from here, and from the target itself.',
  ...listSchema('forward'),
  examples: [['80 -> blue:80'], [{ listen: '192.0.2.10:8443/tcp', to: 'red:443' }]],
};

export const forwardSchema: Spec = {
  type: ['string', 'object'],
  additionalProperties: false,
  required: ['listen', 'to'],
  properties: {
    listen: {
      description: '`[address:]port[-port][/protocol]`; the protocol is tcp (default), udp, sctp or `tcp+udp`.',
      type: ['string', 'integer'],
      examples: [80, '53/tcp+udp', '192.0.2.10:8443/tcp', '[fd00::1]:443'],
    },
    to: {
      description: '`namespace[:interface]` or an address, with `:port` or `:first-last` when it differs from listen.',
      type: 'string',
      examples: ['blue:80', 'blue:eth1:80', '10.1.1.10', '[fd00::10]:8080'],
    },
  },
};

export const publishSchema: Spec = {
  description:
    'Ports of the host that lead to this namespace, as for `docker run -p`: `[address:]host:container[/protocol]`.',
  ...TEXTS_SCHEMA,
  items: { type: ['string', 'integer'] },
  examples: [['8080:80'], ['127.0.0.1:5353:53/udp', '8000-8010:9000-9010']],
};
