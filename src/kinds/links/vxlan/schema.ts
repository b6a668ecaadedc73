import type { Spec } from '../../../model/json.ts';

/** What stands at an interface. */
export const interfaceVxlanSchema: Spec = {
  description:
    'Makes the interface one end of an overlay: what it is given, it sends to `remote` in UDP packets. With `bridge` it is a port of that bridge, which has to be of the same namespace.',
  $ref: '#/definitions/vxlan',
  examples: [
    { id: 42, remote: 'node2' },
    { id: 42, remote: '192.168.50.2', dev: 'eth0' },
  ],
};

export const vxlanSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'remote'],
  properties: {
    id: {
      description: 'The number of the overlay (VNI): only ends of one number hear each other.',
      type: 'integer',
      minimum: 1,
      maximum: 16777215,
      examples: [42],
    },
    remote: {
      description:
        'Where the other end is: an address of the network below, or the name of a namespace on a LAN with this one.',
      type: 'string',
      examples: ['node2', '192.168.50.2'],
    },
    dev: {
      description:
        'The interface that the packets leave by. Without it, the one on the remote’s subnet; `none`, or a remote behind a router: whichever the routes lead to. The `mtu` is that interface’s, less 50 (over IPv6: 70).',
      type: 'string',
      examples: ['eth0', 'none'],
    },
    local: {
      description: 'The address that the packets come from. Without it, the kernel chooses.',
      type: 'string',
      examples: ['192.168.50.1'],
    },
    port: {
      description: 'The UDP port of both ends.',
      type: 'integer',
      minimum: 1,
      maximum: 65535,
      default: 4789,
      examples: [8472],
    },
  },
};
