import type { LinkFields } from '../../../model/link-kind.ts';

/** Where a geneve sends its frames: to `remote`, as UDP to `port`. */
export type GeneveOptions = {
  readonly id: number;
  readonly remote: string;
  readonly port: number;
  readonly ttl: number;
};

/** The port that IANA gave to Geneve (RFC 8926). */
export const GENEVE_PORT = 6081;

/** The options in the order in which they are shown. */
export const geneveFields: LinkFields = {
  id: {
    type: 'integer',
    required: true,
    description: 'The number of the overlay (VNI): only ends of one number hear each other.',
    minimum: 0,
    maximum: 16777215,
    examples: [42],
  },
  remote: {
    type: 'target',
    required: true,
    description:
      'The other end: an address of the network below, or the name of a namespace on a LAN with this one. The `mtu` is that of the interface that leads there, less 50 (over IPv6: 70).',
    examples: ['node2', '192.168.50.2'],
  },
  port: {
    type: 'integer',
    description: 'The UDP port of both ends.',
    minimum: 1,
    maximum: 65535,
    default: GENEVE_PORT,
    examples: [6082],
  },
  ttl: {
    type: 'integer',
    minimum: 0,
    maximum: 255,
    default: 0,
    description: 'The TTL of its packets below; 0: that of the machine.',
    examples: [64],
  },
};
