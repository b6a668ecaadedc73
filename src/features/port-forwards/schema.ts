import { listSchema, TEXTS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

export const portForwardsSchema: Spec = {
  description:
    'Ports of this machine or namespace that lead to another. Written `listen -> to`, or with both keys. Without a listen address they work from outside, from here, and from the target itself, with each family that the target has; `0.0.0.0:80` is for IPv4 only, `[::]:80` for IPv6 only. IPv6 localhost, `[::1]`, is left out, because the kernel does not route it.',
  ...listSchema('forward'),
  examples: [['80 -> blue:80'], [{ listen: '192.0.2.10:8443/tcp', to: 'red:443' }]],
};

const FORWARD_TARGET =
  '`namespace[:interface]` or an address, with `:port` or `:first-last` when it differs from listen.';

export const forwardSchema: Spec = {
  type: ['string', 'object'],
  additionalProperties: false,
  required: ['listen', 'to'],
  properties: {
    listen: {
      description:
        '`[address:]port[-port][/protocol]`; `0.0.0.0` is every IPv4 address, `[::]` every IPv6 address; the protocol is tcp (default), udp, sctp or `tcp+udp`.',
      type: ['string', 'integer'],
      examples: [80, '53/tcp+udp', '192.0.2.10:8443/tcp', '[fd00::1]:443'],
    },
    to: {
      description: `${FORWARD_TARGET} A list, for one port, spreads new connections at random: each family over the targets that have an address of it.`,
      type: ['string', 'array'],
      minItems: 1,
      items: { $ref: '#/definitions/forwardTarget' },
      examples: ['blue:80', 'blue:eth1:80', '[fd00::10]:8080', ['web-1:8080', { to: 'web-2:8080', weight: 3 }]],
    },
  },
};

export const forwardTargetSchema: Spec = {
  type: ['string', 'object'],
  additionalProperties: false,
  required: ['to'],
  properties: {
    to: { description: FORWARD_TARGET, type: 'string', examples: ['web-1:8080', '10.1.1.10'] },
    weight: {
      description: 'Its share of the new connections, against the weights of the others.',
      type: 'integer',
      minimum: 1,
      maximum: 256,
      default: 1,
      examples: [3],
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
