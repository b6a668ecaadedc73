import { ADDRESSES_SCHEMA, MAC_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

/** `cni` of an interface. */
export const interfaceCniSchema: Spec = {
  description:
    'The CNI network whose plugins make this interface: a name under `cni`. They are called as a container runtime does it: VERSION, ADD, CHECK and DEL.',
  type: 'string',
  examples: ['mynet'],
};

/** `args` of an interface. */
export const interfaceArgsSchema: Spec = {
  description: 'With `cni`: what the plugins are asked for.',
  $ref: '#/definitions/cniArgs',
  examples: [{ ips: ['10.22.0.9'] }, { mac: '02:00:00:00:00:09' }],
};

const names = (description: string, example: string): Spec => ({
  description,
  type: 'array',
  items: { type: 'string' },
  examples: [[example]],
});

const bits = (description: string): Spec => ({ description, type: 'integer', minimum: 0, examples: [10_000_000] });

/** What can be asked for; keys in capital letters are those of CNI_ARGS. */
export const cniArgsSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    ips: {
      description:
        'The addresses, as the capability `ips` where the network has it, and as `IP=` in CNI_ARGS otherwise. Nothing written: the next free ones of a network with `host-local`.',
      ...ADDRESSES_SCHEMA,
      examples: ['10.22.0.9', ['10.22.0.9', 'fd00:22::9']],
    },
    mac: { ...MAC_SCHEMA, description: 'The MAC address, as the capability `mac`, or as `MAC=` in CNI_ARGS.' },
    bandwidth: {
      description: 'Limits in bits a second and in bits, as the capability `bandwidth`.',
      type: 'object',
      additionalProperties: false,
      properties: {
        ingressRate: bits('What the interface gets.'),
        ingressBurst: bits('What it gets at once.'),
        egressRate: bits('What the interface sends.'),
        egressBurst: bits('What it sends at once.'),
      },
      examples: [{ ingressRate: 10_000_000, ingressBurst: 1_000_000 }],
    },
    dns: {
      description: 'Name servers, as the capability `dns`.',
      type: 'object',
      additionalProperties: false,
      properties: {
        servers: names('The addresses of name servers.', '10.22.0.1'),
        searches: names('The domains in which short names are looked for.', 'lab.test'),
        options: names('Options of resolv.conf.', 'ndots:2'),
      },
      examples: [{ servers: ['10.22.0.1'] }],
    },
    aliases: names('Other names, as the capability `aliases`.', 'web'),
  },
  patternProperties: {
    '^[A-Z][A-Za-z0-9_]*$': { description: 'A key of CNI_ARGS.', type: 'string', pattern: '^[^=;]*$' },
  },
};
