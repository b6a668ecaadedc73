import type { Spec } from '../../model/json.ts';

/** `answers` of a namespace. */
export const answersSchema: Spec = {
  description:
    'Ports that answer without a program of yours, `port[/protocol]` by name or in a list: with the name of the namespace, both addresses, and what an HTTP request asked for. One process does it for the whole lab.',
  type: ['integer', 'string', 'array', 'object'],
  items: { type: ['integer', 'string'] },
  minItems: 1,
  additionalProperties: { type: ['integer', 'string'] },
  examples: [[8080], { http: 80, dns: '53/udp' }],
};
