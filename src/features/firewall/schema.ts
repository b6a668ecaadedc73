import { listSchema } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

export const firewallSchema: Spec = {
  description:
    'What may come in, pass through and go out. Replies to what passed always pass. In a namespace it is its own; at top level that of this machine, for what enters or leaves by a link of the lab and nothing else.',
  $ref: '#/definitions/firewall',
  examples: [{ forward: 'drop', allow: [{ from: 'lan', to: 'outside', ports: [80, 443] }] }],
};

const verdict = (what: string): Spec => ({
  description: `${what} that no rule is about: it passes (\`accept\`), is dropped, or is refused (\`reject\`: the sender gets an answer).`,
  type: 'string',
  enum: ['accept', 'drop', 'reject'],
  default: 'accept',
  examples: ['drop'],
});

const peers = (what: string): Spec => ({
  description: `${what}: a bridge (its LAN), a subnet, a namespace, \`namespace:interface\`, an address, a network, \`{ cidr, except }\`, a selector, \`any\` namespace of the lab, \`host\`, \`outside\` of the lab, or a list of them. Left out: everything.`,
  type: ['string', 'object', 'array'],
  items: { $ref: '#/definitions/policyPeer' },
  additionalProperties: true,
  examples: ['lan', [{ app: 'web' }, '192.168.5.0/24'], 'outside'],
});

const links = (what: string): Spec => ({
  description: `${what}, or a list of them. Left out: all.`,
  type: ['string', 'array'],
  items: { type: 'string' },
  minItems: 1,
  examples: ['eth1'],
});

const ENTRY: { readonly [key: string]: Spec } = {
  from: peers('Where from'),
  to: peers('Where to, after forwards and services have chosen'),
  in: links('The interface that it comes in by'),
  out: links('The interface that it goes out by'),
  proto: {
    description:
      'The protocol: `tcp`, `udp`, `sctp`, `icmp` (of both families), `dccp`, `gre`, `esp`, `ah`, `ipip`, `ipv6`, `igmp`, `l2tp`, `ospf`, `vrrp`, a number of IP, or a list of them. With ports it stands behind these.',
    type: ['string', 'integer', 'array'],
    items: { type: ['string', 'integer'] },
    minimum: 1,
    maximum: 255,
    minItems: 1,
    examples: ['icmp', ['gre', 'esp']],
  },
  ports: {
    description:
      'The ports that it goes to: `port`, `first-last`, or the name that `run` or `answers` of the receiving namespace gives a port, with `/udp` where it is not TCP, or a list of them. Left out: all, of every protocol.',
    type: ['integer', 'string', 'array'],
    items: { type: ['integer', 'string'] },
    minItems: 1,
    examples: [
      [80, 443],
      ['8000-8100', 'http', '53/udp'],
    ],
  },
  log: {
    description:
      'Whether the kernel logs what fits, ten packets a second at most; a text is what the lines begin with.',
    type: ['boolean', 'string'],
    default: false,
    examples: [true, 'web'],
  },
};

/** What `firewall` consists of. */
export const firewallDefinitions: { readonly [name: string]: Spec } = {
  firewall: {
    type: 'object',
    additionalProperties: false,
    properties: {
      input: verdict('What becomes of a packet to this namespace'),
      forward: verdict('What becomes of a packet that is passed on'),
      output: verdict('What becomes of a packet that a program here sends'),
      deny: {
        description: 'What does not pass, in all three directions. It is asked before `allow`.',
        ...listSchema('firewallDeny'),
        examples: [[{ from: 'guests', to: 'lan' }]],
      },
      allow: {
        description: 'What passes, in all three directions.',
        ...listSchema('firewallAllow'),
        examples: [[{ from: 'lan', to: 'outside', ports: [80, 443] }, { proto: 'icmp' }]],
      },
      log: {
        description: 'Whether the kernel logs what no rule is about and does not pass, ten packets a second at most.',
        type: 'boolean',
        default: false,
        examples: [true],
      },
      clampMss: {
        description:
          'Whether TCP connections that are passed on use segments that fit the route (MSS), for where messages about sizes get lost.',
        type: 'boolean',
        default: false,
        examples: [true],
      },
    },
  },
  firewallDeny: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...ENTRY,
      reject: {
        description: 'Whether the sender gets an answer: a reset, or an ICMP message.',
        type: 'boolean',
        default: false,
        examples: [true],
      },
    },
    examples: [{ from: 'guests', to: 'lan', reject: true }],
  },
  firewallAllow: {
    type: 'object',
    additionalProperties: false,
    properties: ENTRY,
    examples: [{ in: 'eth1', to: 'web', ports: [443], log: true }],
  },
};
