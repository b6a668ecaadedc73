import { mapSchema, TEXTS_SCHEMA } from '../../kinds/schema-fragments.ts';
import type { Spec } from '../../model/json.ts';

export const runSchema: Spec = {
  description:
    'Programs that run in this namespace as long as the lab is there: by name the words of a command, split as a shell splits them and never given to one, or a map. Each has a `/tmp` for itself.',
  ...mapSchema('program'),
  examples: [{ http: 'python3 -m http.server 80' }, { app: { command: ['node', 'server.js'], workdir: '/srv' } }],
};

export const hostRunSchema: Spec = { ...runSchema, description: 'The same for the machine itself.' };

export const programSchema: Spec = {
  type: ['string', 'object'],
  additionalProperties: false,
  required: ['command'],
  properties: {
    command: {
      description: 'The words of the command; a text is split into words.',
      ...TEXTS_SCHEMA,
      examples: ['python3 -m http.server 80', ['sh', '-c', 'echo ready | logger; exec sleep 1d']],
    },
    workdir: { description: 'Where it is started.', type: 'string', default: '/', examples: ['/srv'] },
    user: {
      description: 'As whom it runs, by name or number.',
      type: ['string', 'integer'],
      default: 'root',
      examples: ['www-data'],
    },
    env: {
      description:
        'Its environment, besides PATH and LC_ALL. Values of names such as `DB_PASSWORD` or `API_TOKEN` are never shown.',
      type: 'object',
      propertyNames: { pattern: '^(?:[A-Za-z_][A-Za-z0-9_]*|.*[{].*)$' },
      additionalProperties: { type: ['string', 'integer', 'boolean'] },
      examples: [{ MODE: 'lab' }],
    },
    ports: {
      description: 'The ports that it takes, `port[/protocol]` by name or in a list: two programs cannot take one.',
      type: ['object', 'array'],
      items: { type: ['string', 'integer'] },
      additionalProperties: { type: ['string', 'integer'] },
      examples: [{ http: 8080 }, ['53/udp', 53]],
    },
    ready: {
      description:
        'What says that it is ready: a port that it listens on, a file that it makes, or a command that ends with 0. Without it: the first of its ports, else that it runs.',
      type: ['string', 'integer', 'object'],
      additionalProperties: false,
      required: ['command'],
      properties: {
        command: {
          description: 'Run where the program runs until it ends with 0.',
          ...TEXTS_SCHEMA,
          examples: ['pg_isready -q'],
        },
      },
      examples: ['8080/tcp', '/tmp/app.ready', { command: 'pg_isready -q' }],
    },
    readyTimeout: {
      description: 'How long that may take; then the run fails and is rolled back.',
      type: ['string', 'integer'],
      minimum: 1,
      maximum: 3600,
      default: '10s',
      examples: ['30s'],
    },
    restart: {
      description:
        'Whether it is started again when it ends: by systemd where that is process 1, else by runsv of runit.',
      type: 'string',
      enum: ['never', 'on-failure', 'always'],
      default: 'never',
      examples: ['on-failure'],
    },
    after: {
      description: 'Programs that are started before it, `name` or `namespace/name`.',
      ...TEXTS_SCHEMA,
      examples: ['db/postgres', ['http', 'host/cache']],
    },
    capabilities: {
      description:
        'Of root: which of sys_module, sys_boot and sys_admin it keeps. Of another user: which capabilities it is given.',
      ...TEXTS_SCHEMA,
      examples: ['net_bind_service', ['sys_admin']],
    },
  },
};

export const filesSchema: Spec = {
  description:
    'Files that only programs of this namespace see, started by `run`, `netform exec` or `netform shell`. The machine has none of them.',
  type: 'object',
  additionalProperties: { $ref: '#/definitions/seenFile' },
  examples: [{ '/etc/app.conf': { content: 'port = 80\n', mode: '0640' } }, { '/etc/motd': { from: 'motd.txt' } }],
};

export const seenFileSchema: Spec = {
  type: 'object',
  additionalProperties: false,
  properties: {
    content: { description: 'Its text.', type: 'string', examples: ['port = 80\n'] },
    from: {
      description: 'Instead of `content`: the file with its bytes, beside the topology.',
      type: 'string',
      examples: ['motd.txt'],
    },
    mode: {
      description: 'Its mode, in octal digits. The text of a file that others may not read is never printed.',
      type: 'string',
      default: '0644',
      examples: ['0640'],
    },
  },
};
