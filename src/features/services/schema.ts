import { mapSchema, NAMES_OR_SELECTORS_SCHEMA, TEXTS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

export const servicesSchema: Spec = {
  description: 'Addresses that stand for several namespaces: a new connection goes to one of these.',
  ...mapSchema('service'),
  examples: [{ web: { to: { app: 'web' }, ports: { http: '80:8080' } } }],
};

const policy: Spec = { type: 'string', enum: ['cluster', 'local'], default: 'cluster', examples: ['local'] };

export const serviceSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  required: ['to', 'ports'],
  properties: {
    to: {
      description:
        'The endpoints: namespaces by name or by selector, addresses, or a list of them. None: connections are refused.',
      ...NAMES_OR_SELECTORS_SCHEMA,
      examples: [{ app: 'web' }, ['web-1', 'web-2', '10.1.0.9']],
    },
    ports: {
      description:
        '`port`, `port:port of the endpoints` by its number or by the name that each endpoint gives it (`ports` of `run`, `answers`), with `/udp` or `/tcp+udp` behind it: a list, or a map of names.',
      type: ['integer', 'string', 'array', 'object'],
      items: { type: ['integer', 'string'] },
      minItems: 1,
      additionalProperties: { type: ['integer', 'string'] },
      examples: [['3306'], { http: '80:8080', dns: '53:5353/udp' }, ['80:http']],
    },
    nodePort: {
      description:
        'A port of every address of the namespaces that translate, other than localhost: one, or a map by the names of the ports.',
      type: ['integer', 'object'],
      minimum: 1,
      maximum: 65535,
      additionalProperties: { type: 'integer', minimum: 1, maximum: 65535 },
      examples: [30080, { http: 30080 }],
    },
    clusterIP: {
      description:
        'Its address, or one of each family. Without it the next free one of the pool `services`, which is 10.96.0.0/16 and fd00:96::/112 unless `subnets` has it; `none`: no address, the name stands for all endpoints.',
      ...TEXTS_SCHEMA,
      examples: ['10.96.0.10', 'none', ['10.96.0.10', 'fd00:96::10']],
    },
    externalIPs: {
      description: 'Further addresses that it answers for, with the same ports.',
      ...TEXTS_SCHEMA,
      examples: ['203.0.113.80'],
    },
    sessionAffinity: {
      description: '`clientIP`: a client stays with one endpoint, by its address.',
      type: 'string',
      enum: ['none', 'clientIP'],
      default: 'none',
      examples: ['clientIP'],
    },
    externalTrafficPolicy: {
      description:
        'Of connections to `nodePort` and `externalIPs`. `cluster`: to any endpoint, seen with the address of the node; `local`: to endpoints on a LAN of the node, seen with the address of the client.',
      ...policy,
    },
    internalTrafficPolicy: {
      description: 'Of connections to `clusterIP`. `local`: to endpoints on a LAN of the node alone.',
      ...policy,
    },
    nodes: {
      description:
        'Which namespaces translate: names, `host`, selectors, or a list of them. Without it, every gateway of a namespace.',
      ...NAMES_OR_SELECTORS_SCHEMA,
      examples: [['node-1', 'node-2'], 'host', { role: 'node' }],
    },
    project: {
      description: 'The project that it belongs to, in which its selectors look.',
      type: 'string',
      default: 'default',
      examples: ['apps'],
    },
  },
};
