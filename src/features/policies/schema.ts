import { mapSchema, NAMES_OR_SELECTORS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

export const policiesSchema: Spec = {
  description:
    "What may reach selected namespaces, and what they may reach, as in Kubernetes' NetworkPolicy: a direction whose key is written lets only what is listed pass. Replies, and what the node itself sends, always pass.",
  ...mapSchema('policy'),
  examples: [{ db: { select: { app: 'db' }, ingress: [{ from: { app: 'api' }, ports: [3306] }] } }],
};

const rules = (side: 'from' | 'to', what: string): Spec => ({
  description: `${what} A packet passes when one of the rules lets it; an empty list lets nothing pass.`,
  type: 'array',
  items: { $ref: `#/definitions/${side === 'from' ? 'ingressRule' : 'egressRule'}` },
  examples: [[], [{ [side]: [{ app: 'api' }, '192.168.5.10/32'], ports: [3306] }]],
});

export const policySchema: Spec = {
  type: 'object',
  additionalProperties: false,
  required: ['select'],
  properties: {
    select: {
      description: 'The namespaces that it is about: names, selectors, or a list of them. `any`: every one of the lab.',
      ...NAMES_OR_SELECTORS_SCHEMA,
      examples: [{ app: 'db' }, 'any', ['web-1', { app: 'db' }]],
    },
    ingress: rules('from', 'What may come in.'),
    egress: rules('to', 'What may go out.'),
    project: {
      description: 'The project that it belongs to, in which its selectors look.',
      type: 'string',
      default: 'default',
      examples: ['apps'],
    },
  },
};

const peers = (what: string): Spec => ({
  description: `${what}: names, selectors, addresses, networks, \`{ cidr, except }\`, \`any\` namespace of the lab, \`host\`, \`outside\` of the lab, or a list of them. Left out: everything.`,
  type: ['string', 'object', 'array'],
  items: { $ref: '#/definitions/policyPeer' },
  additionalProperties: true,
  examples: [
    { app: 'api' },
    [{ project: 'any', role: 'backup' }, '192.168.5.10/32'],
    { cidr: '10.0.0.0/8', except: ['10.9.0.0/16'] },
  ],
});

const PORTS: Spec = {
  description:
    '`port`, `first-last`, or the name that `run` or `answers` of the namespace at that end gives a port, with `/udp` where it is not TCP. Left out: all, of every protocol.',
  type: ['integer', 'string', 'array'],
  items: { type: ['integer', 'string'] },
  minItems: 1,
  examples: [[3306], ['8000-8100', 'http', '53/udp']],
};

/** What `policies` consist of. */
export const policyDefinitions: { readonly [name: string]: Spec } = {
  policy: policySchema,
  ingressRule: {
    type: 'object',
    additionalProperties: false,
    properties: { from: peers('Where from'), ports: PORTS },
    examples: [{ from: { app: 'api' }, ports: [80] }],
  },
  egressRule: {
    type: 'object',
    additionalProperties: false,
    properties: { to: peers('Where to'), ports: PORTS },
    examples: [{ to: { app: 'dns' }, ports: ['53/udp'] }],
  },
  policyPeer: {
    type: ['string', 'object'],
    examples: ['web', { app: 'api' }, { cidr: '10.0.0.0/8', except: ['10.9.0.0/16'] }],
  },
};
