import type { Spec } from '../../../model/json.ts';

/** `docker:db`, or a map that names the container by one of its keys. */
export const containerSchema: Spec = {
  description:
    'The container, or other namespace, that another program made: netform works in it, and neither makes nor ends it. `docker:NAME`, `podman:NAME`, `containerd:NAMESPACE/ID`, `pid:NUMBER` or `path:/run/netns/NAME`.',
  type: ['string', 'object'],
  additionalProperties: false,
  properties: {
    docker: { description: 'A container of Docker, by name or id.', type: 'string', examples: ['db'] },
    podman: { description: 'A container of Podman, by name or id.', type: 'string', examples: ['db'] },
    containerd: {
      description: 'A container of containerd; without a namespace of containerd it is in `default`.',
      type: 'string',
      examples: ['k8s.io/5f2c9a1e'],
    },
    pid: {
      description: 'Any process: its network namespace.',
      type: ['integer', 'string'],
      examples: [4711],
    },
    path: { description: 'The file of a network namespace.', type: 'string', examples: ['/run/netns/blue'] },
    netns: {
      description:
        'Whether `ip netns` shows it under the name that it has in the lab, by a symbolic link in /run/netns.',
      type: 'boolean',
      default: false,
      examples: [true],
    },
  },
  examples: ['docker:db', { docker: 'db', netns: true }],
};
