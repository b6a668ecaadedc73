import type { Spec } from '../../../model/json.ts';
import { mapSchema } from '../../schema-fragments.ts';

export const cniSchema: Spec = {
  description:
    'CNI network configuration lists by the name of the network. Each becomes `10-<name>.conflist` in the CNI configuration folder.',
  ...mapSchema('conflist'),
  examples: [{ mynet: { cniVersion: '1.0.0', plugins: [{ type: 'bridge', bridge: 'cni0' }] } }],
};

export const conflistSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  required: ['cniVersion', 'plugins'],
  properties: {
    file: {
      description:
        'The file: a name inside the CNI configuration folder, or an absolute path; a `.conf` holds one plugin. `none`: it is not written, the network is only for this lab.',
      type: 'string',
      pattern: '^none$|^/?[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\\.(conflist|conf|json)$',
      patternErrorMessage: 'the name of a .conflist file, an absolute path to one, or none',
      examples: ['10-mynet.conflist', '/etc/cni/net.d/87-podman.conflist', 'none'],
    },
    cniVersion: {
      description: 'The version of the CNI specification that the plugins speak; 1.0.0 suits most.',
      type: 'string',
      pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$',
      patternErrorMessage: 'three numbers with dots, such as 1.0.0',
      examples: ['1.0.0'],
    },
    cniVersions: {
      description: 'Several versions for runtimes that choose one (CNI 1.1).',
      type: 'array',
      items: { type: 'string' },
      examples: [['1.0.0', '1.1.0']],
    },
    disableCheck: { description: 'Tells runtimes not to run CHECK.', type: 'boolean', examples: [true] },
    disableGC: { description: 'Tells runtimes not to run GC (CNI 1.1).', type: 'boolean', examples: [true] },
    loadOnlyInlinedPlugins: {
      description: 'Tells runtimes not to look for more plugins in files (CNI 1.1).',
      type: 'boolean',
      examples: [true],
    },
    args: {
      description: 'What the program that created the network keeps with it: Podman its labels and options.',
      type: 'object',
      examples: [{ podman_labels: { team: 'blue' } }],
    },
    nerdctlID: {
      description: 'The id by which nerdctl knows the network as its own.',
      type: 'string',
      pattern: '^[0-9a-f]{64}$',
      patternErrorMessage: 'an id of nerdctl, 64 hex digits',
      examples: ['17f29b073143d8cd97b5bbe492bdeffec1c5fee55cc1fe2112c8b9335f8b6121'],
    },
    nerdctlLabels: {
      description: 'The labels that nerdctl shows and filters by.',
      type: 'object',
      additionalProperties: { type: 'string' },
      examples: [{ 'nerdctl/default-network': 'true' }],
    },
    plugins: {
      description: 'The chain of plugins, word for word as the CNI specification and the plugins define them.',
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['type'],
        properties: {
          type: {
            description: "The name of the plugin's program.",
            type: 'string',
            pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$',
            patternErrorMessage: 'the name of a program, without a path',
            examples: ['bridge', 'portmap'],
          },
        },
      },
      examples: [[{ type: 'bridge', bridge: 'cni0', ipam: { type: 'host-local', subnet: '10.22.0.0/16' } }]],
    },
  },
};
