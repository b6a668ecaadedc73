import type { LinkFields } from '../../../model/link-kind.ts';

/**
 * Where a vxlan sends its frames: to `remote` (the first of a list; null: to the multicast group `group`), as UDP to `port`,
 * from `local` (null: the kernel's choice) through `dev` (null: whichever leads there).
 */
export type VxlanOptions = {
  readonly id: number;
  readonly remote: string | null;
  /** Left out: it sends to `remote`. */
  readonly group?: string;
  readonly local: string | null;
  readonly dev: string | null;
  readonly port: number;
};

/** The port that IANA gave to VXLAN. */
export const VXLAN_PORT = 4789;

/** The address that it is made with: of its first remote or of its group. */
export const destinationOf = ({ remote, group }: Partial<VxlanOptions>): string => remote ?? group ?? '';

/** The options in the order in which they are shown. */
export const vxlanFields: LinkFields = {
  id: {
    type: 'integer',
    required: true,
    description: 'The number of the overlay (VNI): only ends of one number hear each other.',
    minimum: 1,
    maximum: 16777215,
    examples: [42],
  },
  remote: {
    type: 'target',
    list: true,
    group: 'group',
    familyOf: 'local',
    description:
      'Where the other end is: an address of the network below, or the name of a namespace on a LAN with this one. With a list, every end in it is sent what is for all, and what is for a host that was not heard of yet; another first one replaces the link, the others change in place.',
    examples: ['node2', '192.168.50.2', ['node2', 'node3'], { role: 'node' }],
  },
  group: {
    type: 'group',
    description:
      'Instead of `remote`: the multicast group that all ends of the overlay are in. What is for all, and what is for a host that was not heard of yet, goes to the group through `dev`, so that an end need not know the others. The network below has to pass multicast.',
    examples: ['239.1.1.42', 'ff05::42'],
  },
  dev: {
    type: 'device',
    none: true,
    towards: 'remote',
    description:
      'The interface that the packets leave by; a `group` needs one. Without it, the one on the remote’s subnet; `none`, or a remote behind a router: whichever the routes lead to. The `mtu` is that interface’s, less 50 (over IPv6: 70).',
    examples: ['eth0', 'none'],
  },
  local: {
    type: 'address',
    description: 'The address that the packets come from. Without it, the kernel chooses.',
    examples: ['192.168.50.1'],
  },
  port: {
    type: 'integer',
    description: 'The UDP port of both ends.',
    minimum: 1,
    maximum: 65535,
    default: VXLAN_PORT,
    examples: [8472],
  },
};
