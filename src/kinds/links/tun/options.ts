import type { LinkFields } from '../../../model/link-kind.ts';

/** Who may attach a program, apart from root; null: root alone. */
export type TunOptions = { readonly user: string | null; readonly group: string | null };

/** The options in the order in which they are shown. */
export const tunFields: LinkFields = {
  user: {
    type: 'account',
    of: 'user',
    description: 'The user of the machine whose programs may attach to it. Without it and `group`, root’s alone.',
    examples: ['libvirt-qemu', 1000],
  },
  group: {
    type: 'account',
    of: 'group',
    description: 'The group of the machine whose programs may attach to it.',
    examples: ['kvm'],
  },
};
