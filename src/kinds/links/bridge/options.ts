import type { LinkFields } from '../../../model/link-kind.ts';

/** Times in seconds, as people say them; the codec converts to the kernel's hundredths. */
export type BridgeOptions = {
  readonly stp: boolean;
  readonly ageing: number;
  readonly forwardDelay: number;
  readonly priority: number;
  readonly multicastSnooping: boolean;
  /** Left out: it keeps no VLANs apart. */
  readonly vlanFiltering?: boolean;
  /** Whether frames between its ports pass netfilter, as routed packets do. Left out: they do not. */
  readonly netfilter?: boolean;
};

/** The options in the order in which they are shown, with the kernel's defaults (net/bridge/br_if.c). */
export const bridgeFields: LinkFields = {
  stp: {
    type: 'flag',
    description: 'Whether the spanning tree protocol runs. Without it a new port forwards at once.',
    default: false,
    examples: [true],
  },
  ageing: {
    type: 'duration',
    description: 'How long a MAC address is remembered: seconds, or a number with s, m or h.',
    minimum: 0,
    maximum: 86400,
    default: 300,
    examples: [600, '600s', '10m'],
  },
  forwardDelay: {
    type: 'duration',
    description: 'How long a port listens and learns before it forwards, with stp: 2 to 30 seconds.',
    minimum: 2,
    maximum: 30,
    default: 15,
    examples: [2, '4s'],
  },
  priority: {
    type: 'integer',
    description: 'The priority in the election of the root bridge; the lowest wins.',
    minimum: 0,
    maximum: 65535,
    default: 32768,
    examples: [4096],
  },
  multicastSnooping: {
    type: 'flag',
    description: 'Whether multicast goes only to the ports that asked for it.',
    default: true,
    examples: [false],
  },
};
