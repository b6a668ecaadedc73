import { TEXTS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

const TARGETS: Spec = {
  description:
    'Where requests go: `name:port` of a namespace or a service (`name.project:port` of another project), `address:port`, or a list, with weights where some get more.',
  type: ['string', 'array'],
  minItems: 1,
  items: { $ref: '#/definitions/ingressTarget' },
  examples: ['web:8080', ['web-1:80', { to: 'web-2:80', weight: 3 }]],
};

const CHECK: Spec = {
  description:
    'The path at which targets have to answer with 2xx or 3xx within a second. The proxy asks every two seconds, and what fails three times gets no requests. `false`, as without it: their ports have to take connections. What is written closer counts.',
  type: ['string', 'boolean'],
  examples: ['/healthz'],
};

/** `ingress` of a namespace. */
export const ingressSchema: Spec = {
  description:
    'A reverse proxy that runs in this namespace (haproxy): it sends HTTP requests on by host and path, as an Ingress of Kubernetes does.',
  type: 'object',
  additionalProperties: false,
  required: ['listen'],
  properties: {
    listen: {
      description: 'The ports at which it listens, in both families; a map where it speaks TLS.',
      type: ['integer', 'array', 'object'],
      minItems: 1,
      items: { $ref: '#/definitions/ingressListen' },
      examples: [80, [80, { port: 443, tls: { hosts: ['secure.lab.test'] } }]],
    },
    rules: {
      description:
        'Of all that fit, the rule with the host of the request counts before one without a host, and the longest path before shorter ones. A host that has rules falls to `default` where none of them fits.',
      type: 'array',
      items: { $ref: '#/definitions/ingressRoute' },
      examples: [[{ host: 'app.lab.test', to: 'app:80' }, { paths: { '/api': 'api:8080' } }]],
    },
    check: CHECK,
    engine: {
      description:
        'The program. nginx checks no servers by itself: one that fails a request is left out for 10 seconds.',
      type: 'string',
      enum: ['haproxy', 'nginx'],
      default: 'haproxy',
      examples: ['nginx'],
    },
    default: {
      ...TARGETS,
      description: 'Where the rest goes. Without it: an answer with 404.',
      examples: ['fallback:8080'],
    },
  },
  examples: [{ listen: 80, rules: [{ paths: { '/': 'web:8080' } }] }],
};

/** What `ingress` consists of. */
export const ingressDefinitions: { readonly [name: string]: Spec } = {
  ingressListen: {
    type: ['integer', 'object'],
    minimum: 1,
    maximum: 65535,
    additionalProperties: false,
    required: ['port'],
    properties: {
      port: { description: 'The port.', type: 'integer', minimum: 1, maximum: 65535, examples: [443] },
      tls: {
        description: 'What it needs to speak TLS.',
        type: 'object',
        additionalProperties: false,
        properties: {
          hosts: {
            description: "The names in a certificate that the lab's own CA signs; `netform ca` prints that of the CA.",
            ...TEXTS_SCHEMA,
            examples: [['secure.lab.test']],
          },
          certificate: {
            description:
              'Instead of a certificate of the lab: the path of a PEM file with a certificate and its key, beside the topology or absolute.',
            type: 'string',
            examples: ['lab.pem', '/etc/ssl/private/lab.pem'],
          },
          redirect: {
            description:
              'Whether requests without TLS are sent here: those for `hosts`, or all with a `certificate` alone.',
            type: 'boolean',
            default: false,
            examples: [true],
          },
        },
        examples: [{ hosts: ['secure.lab.test'], redirect: true }],
      },
    },
    examples: [80, { port: 443, tls: { hosts: ['secure.lab.test'] } }],
  },
  ingressRoute: {
    type: 'object',
    additionalProperties: false,
    properties: {
      host: {
        description: 'The host that requests are for; `*.lab.test` is one label deep. Without it: any.',
        type: 'string',
        examples: ['app.lab.test', '*.lab.test'],
      },
      to: { ...TARGETS, description: 'Where all its requests go; instead of `paths`.' },
      check: CHECK,
      paths: {
        description:
          'Where requests go by the beginning of their path: whole parts between slashes. `= /exact` is that path alone.',
        type: 'object',
        additionalProperties: { $ref: '#/definitions/ingressPath' },
        examples: [{ '/watch': 'video:8080', '/wear': { to: 'wear:8080', rewrite: '/' }, '= /exact': 'web:80' }],
      },
    },
    examples: [{ host: 'app.lab.test', to: 'app:80' }],
  },
  ingressPath: {
    type: ['string', 'array', 'object'],
    items: { $ref: '#/definitions/ingressTarget' },
    additionalProperties: false,
    required: ['to'],
    properties: {
      to: TARGETS,
      check: CHECK,
      rewrite: {
        description: 'What takes the place of the part of the path that fitted.',
        type: 'string',
        examples: ['/'],
      },
      rewriteFull: { description: 'What takes the place of the whole path.', type: 'string', examples: ['/pay'] },
    },
    examples: ['video:8080', { to: 'wear:8080', rewrite: '/' }],
  },
  ingressTarget: {
    type: ['string', 'object'],
    additionalProperties: false,
    required: ['to'],
    properties: {
      to: { description: '`name:port` or `address:port`.', type: 'string', examples: ['web-2:80'] },
      weight: {
        description: 'Its share of the requests, beside those of the others.',
        type: 'integer',
        minimum: 1,
        maximum: 256,
        default: 1,
        examples: [3],
      },
    },
    examples: ['web:80', { to: 'web-2:80', weight: 3 }],
  },
};
