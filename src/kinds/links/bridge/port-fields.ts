import type { LinkFields } from '../../../model/link-kind.ts';

/** The words of `port` at an interface, with the kernel's defaults (net/bridge/br_if.c, `new_nbp`). */
export const portFields: LinkFields = {
  isolated: {
    type: 'flag',
    description: 'An isolated port reaches only ports that are not isolated, and the bridge.',
    default: false,
    examples: [true],
  },
  learning: {
    type: 'flag',
    description: 'Whether the bridge learns the MACs that it sees at this port.',
    default: true,
    examples: [false],
  },
  flood: {
    type: 'flag',
    description: 'Whether frames for MACs that were not learned leave by this port.',
    default: true,
    examples: [false],
  },
  broadcastFlood: {
    type: 'flag',
    description: 'Whether broadcasts leave by this port.',
    default: true,
    examples: [false],
  },
  multicastFlood: {
    type: 'flag',
    description: 'Whether multicast for groups without members leaves by this port.',
    default: true,
    examples: [false],
  },
  neighSuppress: {
    type: 'flag',
    description:
      'Whether the bridge answers ARP and neighbour solicitations for what it knows, in the place of this port.',
    default: false,
    examples: [true],
  },
  hairpin: {
    type: 'flag',
    description: 'Whether a frame may leave by the port that it came in by.',
    default: false,
    examples: [true],
  },
  locked: {
    type: 'flag',
    description: 'Whether only MACs that the forwarding table has at this port may send; 802.1X works like that.',
    default: false,
    examples: [true],
  },
  cost: {
    type: 'integer',
    description:
      'The cost of the way through this port, with stp. Without it the kernel takes it from the speed of the link.',
    minimum: 1,
    maximum: 65535,
    examples: [10],
  },
  priority: {
    type: 'integer',
    description: 'Which of two ports of equal cost is used, with stp; the lowest wins.',
    minimum: 0,
    maximum: 63,
    default: 32,
    examples: [16],
  },
  guard: {
    type: 'flag',
    description: 'BPDU guard: a frame of the spanning tree protocol turns the port off.',
    default: false,
    examples: [true],
  },
  rootBlock: {
    type: 'flag',
    description: 'Whether this port may never lead to the root bridge.',
    default: false,
    examples: [true],
  },
  fastLeave: {
    type: 'flag',
    description: 'Whether a group is taken from this port as soon as one host leaves it.',
    default: false,
    examples: [true],
  },
};
