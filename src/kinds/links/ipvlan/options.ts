import type { LinkFields } from '../../../model/link-kind.ts';

/** `parent` is `NAME` of the same namespace, or `host:NAME`; empty where it is out of sight. */
export type IpvlanOptions = { readonly parent: string; readonly mode: string; readonly flag: string };

/** The options in the order in which they are shown. */
export const ipvlanFields: LinkFields = {
  parent: {
    type: 'device',
    required: true,
    host: true,
    description:
      'The link whose MAC it shares: one of the same namespace, or `host:NAME` for a link of the machine. The `mtu` is that link’s.',
    examples: ['eth0', 'host:eth1'],
  },
  mode: {
    type: 'choice',
    values: ['l2', 'l3', 'l3s'],
    default: 'l3',
    description:
      'The mode of the parent, and so of every ipvlan on it: `l2` switches, and hears broadcasts; `l3` routes in the namespace of the parent, without ARP; `l3s` also passes its netfilter.',
    examples: ['l2'],
  },
  flag: {
    type: 'choice',
    values: ['bridge', 'private', 'vepa'],
    default: 'bridge',
    description:
      'Whom those on one parent hear, for every ipvlan on it: with `bridge` each other; with `private` none; with `vepa` those whose packets come back from outside.',
    examples: ['private'],
  },
};
