import type { LinkFields } from '../../../model/link-kind.ts';

/** The table that the routes of its ports are in. */
export type VrfOptions = { readonly table: number };

/** The options in the order in which they are shown. */
export const vrfFields: LinkFields = {
  table: {
    type: 'integer',
    required: true,
    minimum: 1,
    maximum: 4294967295,
    description: 'The routing table that it is: another than those of other VRFs, and than 253 to 255.',
    examples: [100],
  },
  ports: {
    type: 'ports',
    description: 'The interfaces whose packets it routes; they are of the same namespace.',
    examples: [['eth1', 'eth2'], 'eth1'],
  },
};
