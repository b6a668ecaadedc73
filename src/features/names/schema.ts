import { NAMES_OR_SELECTORS_SCHEMA, TEXTS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

const block: Spec = {
  type: 'object',
  additionalProperties: false,
  properties: {
    names: {
      description: 'Whether every namespace resolves every other by name.',
      type: 'boolean',
      default: true,
      examples: [false],
    },
    hosts: {
      description: 'More names: each with an address, the name of a namespace, a selector, or a list of them.',
      type: 'object',
      additionalProperties: NAMES_OR_SELECTORS_SCHEMA,
      examples: [{ 'db.lab.test': '192.168.15.9', web: 'blue', db: { app: 'db' } }],
    },
    domain: {
      description:
        'The domain of the lab: the name servers of the lab answer for `web.DOMAIN`, and a name with few dots is looked up there first. It gives `search` and the option `ndots:5` unless they are written.',
      type: 'string',
      examples: ['lab.test'],
    },
    search: {
      description: 'Search domains of resolv.conf.',
      ...TEXTS_SCHEMA,
      examples: ['lab.test', ['lab.test', 'test']],
    },
    nameservers: {
      description: 'Name servers of resolv.conf: addresses, names or selectors.',
      ...NAMES_OR_SELECTORS_SCHEMA,
      examples: ['192.168.15.5', ['10.1.0.53', 'fd00::53'], { role: 'dns' }],
    },
    options: {
      description: 'Options of resolv.conf.',
      ...TEXTS_SCHEMA,
      examples: ['ndots:2', ['rotate', 'timeout:1']],
    },
    order: {
      description: 'Where names are looked up, in this order: the `hosts` line of nsswitch.conf.',
      ...TEXTS_SCHEMA,
      examples: [['files', 'dns']],
    },
  },
};

export const dnsSchema: Spec = {
  ...block,
  description:
    'Names and name servers of every namespace of the lab. The same block inside one overrides it key by key.',
  examples: [{ search: ['lab.test'], nameservers: ['192.168.15.5'] }],
};

export const namespaceDnsSchema: Spec = {
  ...dnsSchema,
  description: "Names and name servers of this namespace; a key that is not written is the lab's.",
  examples: [{ nameservers: ['10.1.0.53'] }],
};

export const hostDnsSchema: Spec = {
  description: "The machine's own names.",
  type: 'object',
  additionalProperties: false,
  properties: {
    names: {
      description: "Whether the lab's names stand in the machine's own /etc/hosts.",
      type: 'boolean',
      default: false,
      examples: [true],
    },
  },
  examples: [{ names: true }],
};
