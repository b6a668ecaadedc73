import type { LinkFields } from '../../../model/link-kind.ts';

/** The NIC of the machine that the interface is: `host:eth2`. */
export type MoveOptions = { readonly from: string };

/** Written alone, as the text of `move`. */
export const moveFields: LinkFields = {
  from: {
    type: 'device',
    required: true,
    host: true,
    description: 'The NIC: `host:` and its name on the machine.',
    examples: ['host:eth2'],
  },
};
