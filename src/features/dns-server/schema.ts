import { TEXTS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

/** `dnsServer` of a namespace. */
export const dnsServerSchema: Spec = {
  description:
    'A DNS server that runs in this namespace. What its zones, the names of the lab and `forward` do not say does not exist.',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    zones: {
      description: 'Zones by name, with their records. The server alone answers for them.',
      type: 'object',
      additionalProperties: { $ref: '#/definitions/zone' },
      examples: [{ 'lab.test': { records: ['web A 10.1.0.10', 'www CNAME web'] } }],
    },
    names: {
      description:
        "Whether it answers for the lab's namespaces with all their addresses and for `dns.hosts`, forward and reverse: `web.DOMAIN` where `dns.domain` is written, `web` otherwise.",
      type: 'boolean',
      default: false,
      examples: [true],
    },
    forward: {
      description:
        'Whom it asks about everything else, or, with `zone`, about one zone: addresses, or names of the lab.',
      type: ['string', 'array', 'object'],
      minItems: 1,
      items: { $ref: '#/definitions/dnsForward' },
      examples: [['8.8.8.8'], [{ zone: 'corp.test', to: 'ns2' }]],
    },
    listen: {
      description:
        'The addresses at which it listens. Without it, all of its namespace; on the host, those of the lab.',
      ...TEXTS_SCHEMA,
      examples: ['10.1.0.53', ['10.1.0.53', 'fd00::53']],
    },
    engine: {
      description: 'The program. unbound follows aliases into zones of others and has wildcards of every type.',
      type: 'string',
      enum: ['dnsmasq', 'unbound', 'coredns'],
      default: 'dnsmasq',
      examples: ['unbound'],
    },
    config: {
      description: 'A configuration of the program, in the place of `zones`, `names`, `forward` and `listen`.',
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: {
        content: { description: 'Its text.', type: 'string', examples: ['. {\n  forward . 8.8.8.8\n}\n'] },
        from: {
          description: 'The file with its text: a path beside the topology, or a whole one.',
          type: 'string',
          minLength: 1,
          examples: ['Corefile'],
        },
      },
      examples: [{ from: 'Corefile' }, { content: '. {\n  forward . 8.8.8.8\n}\n' }],
    },
  },
  examples: [{ names: true }, { zones: { 'lab.test': { records: ['web A 10.1.0.10'] } }, forward: ['8.8.8.8'] }],
};

/** What `zones` and `forward` consist of. */
export const dnsServerDefinitions: { readonly [name: string]: Spec } = {
  zone: {
    type: 'object',
    additionalProperties: false,
    properties: {
      records: {
        description:
          '`NAME TYPE VALUE`, with the types A, AAAA, CNAME, MX, TXT, SRV, PTR and NS. A name with a last dot is absolute, one without is inside the zone; `@` is the zone itself, `*.dev` is every name below `dev`. Quote what begins with `@` or `*`, and texts twice.',
        ...TEXTS_SCHEMA,
        examples: [['web A 10.1.0.10', '@ MX 10 mail', '_sip._tcp SRV 0 5 5060 pbx', 'txt TXT "v=spf1 -all"']],
      },
    },
  },
  dnsForward: {
    type: ['string', 'object'],
    additionalProperties: false,
    required: ['zone', 'to'],
    properties: {
      zone: { description: 'The zone that they are asked about.', type: 'string', examples: ['corp.test'] },
      to: {
        description: 'Who is asked: addresses, or names of the lab.',
        ...TEXTS_SCHEMA,
        examples: ['10.9.0.53', ['ns2', 'fd00:9::53']],
      },
    },
  },
};
