import type { LinkFields } from '../../../model/link-kind.ts';

/** `parent` is `NAME` of the same namespace, or `host:NAME`; empty where it is out of sight. */
export type MacvlanOptions = { readonly parent: string; readonly mode: string };

/** The options in the order in which they are shown. */
export const macvlanFields: LinkFields = {
  parent: {
    type: 'device',
    required: true,
    host: true,
    description:
      'The link whose frames it shares: one of the same namespace, or `host:NAME` for a link of the machine. The `mtu` is that link’s.',
    examples: ['eth0', 'host:eth1'],
  },
  mode: {
    type: 'choice',
    values: ['bridge', 'private', 'vepa', 'passthru'],
    default: 'bridge',
    description:
      'Whom it hears on the same parent: with `bridge` the others in that mode; with `private` none; with `vepa` those whose frames the switch sends back. `passthru` takes the parent for itself, with its MAC. None hears the parent’s own namespace through it.',
    examples: ['private', 'passthru'],
  },
};
