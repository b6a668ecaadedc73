import type { LinkFields } from '../../../model/link-kind.ts';

/** The options of an Open vSwitch bridge. */
export type OvsOptions = { readonly stp: boolean };

export const ovsFields: LinkFields = {
  stp: {
    type: 'flag',
    description: 'Spanning tree: a port that would close a loop is blocked.',
    default: false,
    examples: [true],
  },
};
