import type { LinkFields } from '../../../model/link-kind.ts';

/** `parent` is `NAME` of the same namespace, or `host:NAME`; empty where it is out of sight. */
export type VlanOptions = { readonly id: number; readonly parent: string; readonly protocol: string };

/** The options in the order in which they are shown. */
export const vlanFields: LinkFields = {
  id: {
    type: 'integer',
    required: true,
    description: 'The number of the VLAN: its frames carry this tag on the parent.',
    minimum: 1,
    maximum: 4094,
    examples: [10],
  },
  parent: {
    type: 'device',
    required: true,
    host: true,
    description:
      'The link that carries the tagged frames: one of the same namespace, or `host:NAME` for a link of the machine. The `mtu` is that link’s.',
    examples: ['eth0', 'host:eth1'],
  },
  protocol: {
    type: 'choice',
    values: ['802.1q', '802.1ad'],
    default: '802.1q',
    description: 'The kind of tag: `802.1ad` is that of providers, which others may stand on (QinQ).',
    examples: ['802.1ad'],
  },
};
