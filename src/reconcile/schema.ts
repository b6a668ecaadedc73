import type { Spec } from '../model/json.ts';
import { GRANTS } from '../model/results/grant.ts';

const TIME: Spec = {
  type: ['string', 'integer'],
  pattern: '^[0-9]{1,7} ?[smh]?$',
  patternErrorMessage: 'a time such as 60s, 5m or 1h',
  minimum: 0,
};
const ABSOLUTE: Spec = { type: 'string', pattern: '^/', patternErrorMessage: 'an absolute path' };
const INSIDE: Spec = {
  type: 'string',
  pattern: '^(?!/)(?!-)(?!(?:.*/)?\\.\\.?(?:/|$))[^\\u0000-\\u001f]*$',
  patternErrorMessage: 'a path from the folder of the source, without . and ..',
};
const WORDS: Spec = { type: 'array', minItems: 1, items: { type: 'string' } };

const map = (properties: { readonly [key: string]: Spec }, required: readonly string[] = []): Spec => ({
  type: 'object',
  additionalProperties: false,
  ...(required.length > 0 ? { required: [...required] } : {}),
  properties,
});

/** The JSON Schema of reconcile files: schemas/reconcile.schema.json. */
export const reconcileSchema: Spec = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'netform reconcile file',
  ...map(
    {
      version: { description: 'The version of this format.', enum: [1], examples: [1] },
      source: {
        description: 'Where the topologies are: a branch of a git repository, or a folder of this machine.',
        ...map({
          git: {
            description:
              'The address of the repository (https, ssh, or a path). Credentials stand in the configuration of git or ssh, not here.',
            type: 'string',
            pattern:
              '^(?:https://(?![^/]*@)|ssh://(?!-)(?![^/]*:[^/@]*@)|file:///|/|(?![-/])[^:/@ ]+@[^:/ -][^:/ ]*:)\\S+$',
            patternErrorMessage:
              'an address of git without a password: https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH, or /PATH',
            examples: ['https://git.example/lab.git'],
          },
          branch: {
            description: 'The branch that is followed.',
            type: 'string',
            pattern: '^(?![-./])(?!.*(?:\\.\\.|@\\{|//|\\.lock$|/$|\\.$))[^\\u0000- ~^:?*\\[\\\\]+$',
            patternErrorMessage: 'the name of a branch',
            default: 'main',
            examples: ['main'],
          },
          path: { description: 'The folder of the topologies in the repository.', ...INSIDE, examples: ['labs'] },
          folder: { description: 'A folder of this machine, instead of git.', ...ABSOLUTE, examples: ['/srv/labs'] },
        }),
        examples: [{ git: 'https://git.example/lab.git', branch: 'main', path: 'labs' }],
      },
      labs: {
        description: '`auto`: every .yaml, .yml and .json below the folder that names a lab; or a list of files.',
        type: ['string', 'array'],
        items: INSIDE,
        pattern: '^auto$',
        patternErrorMessage: 'auto, or a list of files',
        default: 'auto',
        examples: [['a.yaml', 'b.yaml']],
      },
      after: {
        description: 'By lab, the labs that are applied before it. Otherwise the order is that of the names.',
        type: 'object',
        additionalProperties: { type: 'array', items: { type: 'string' } },
        examples: [{ shop: ['underlay'] }],
      },
      verify: {
        description: 'What a commit must fulfil.',
        ...map({
          signedBy: {
            description: 'An allowed_signers file of ssh-keygen(1): a commit must be signed by one of its SSH keys.',
            ...ABSOLUTE,
            examples: ['/etc/netform/allowed_signers'],
          },
          fastForward: {
            description: 'Whether history that was rewritten is refused.',
            type: 'boolean',
            default: true,
            examples: [true],
          },
        }),
      },
      vars: {
        description:
          // biome-ignore lint/suspicious/noTemplateCurlyInString: how a reconcile file writes them
          'Variables for the topologies. ${host.name} and ${host.address.eth0} stand for facts of this machine.',
        type: 'object',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
        examples: [{ uplink: 'eth0' }],
      },
      confirm: {
        description: 'How long the probes may take after a change before it is rolled back; 0: it counts at once.',
        ...TIME,
        default: '60s',
        examples: ['60s', 0],
      },
      probes: {
        description: 'Programs that must exit 0 after a change, each in a namespace, or on the host.',
        type: 'array',
        items: map(
          {
            in: { description: 'A namespace, or host.', type: 'string', examples: ['web'] },
            run: {
              description: 'The words of the command; no shell reads them.',
              ...WORDS,
              examples: [['ping', '-c1', 'db']],
            },
          },
          ['in', 'run'],
        ),
        examples: [[{ in: 'web', run: ['ping', '-c1', 'db'] }]],
      },
      drift: {
        description: 'What is done about changes that others made: heal undoes them, report only says so.',
        enum: ['heal', 'report'],
        default: 'heal',
        examples: ['report'],
      },
      ignore: {
        description: 'Changes that others may make: of these resources (* stands for any text) these fields, or all.',
        type: 'array',
        items: map(
          {
            resource: { description: 'The id of a resource.', type: 'string', examples: ['route:host/*'] },
            fields: { description: 'Its fields; left out: all of them.', ...WORDS, examples: [['metric']] },
          },
          ['resource'],
        ),
        examples: [[{ resource: 'route:host/*', fields: ['metric'] }]],
      },
      deletes: {
        description: 'How much a commit may delete before it is held for netform reconcile approve.',
        ...map({
          most: {
            description: 'Resources in one lab.',
            type: 'integer',
            minimum: 0,
            maximum: 1_000_000,
            default: 5,
            examples: [20],
          },
          empty: {
            description: 'A repository or a topology in which nothing is left: refused, or held until it is approved.',
            enum: ['refuse', 'hold'],
            default: 'refuse',
            examples: ['hold'],
          },
        }),
      },
      backoff: {
        description:
          'How long a commit that failed is left alone: at first, and at most; each pause is twice the one before.',
        ...map({
          first: { description: 'The first pause.', ...TIME, default: '1m', examples: ['1m'] },
          most: { description: 'The longest one.', ...TIME, default: '1h', examples: ['1h'] },
        }),
      },
      allow: {
        description:
          'What topologies of the source may do beyond wires: run (programs), cni (calls of plugins), container, config (configurations of daemons), nic (NICs of this machine), file (files below /etc/netform).',
        type: 'array',
        items: { enum: [...GRANTS] },
        examples: [['run']],
      },
      every: {
        description: 'How often --watch looks at the source.',
        ...TIME,
        default: '60s',
        examples: ['5m'],
      },
      report: {
        description: 'Where changes of state are reported.',
        ...map({
          metrics: {
            description: 'A file for the textfile collector of the Prometheus node exporter.',
            ...ABSOLUTE,
            examples: ['/var/lib/prometheus/node-exporter/netform.prom'],
          },
          webhook: {
            description: 'An address that receives each notice as JSON (POST).',
            type: 'string',
            pattern: '^https?://\\S+$',
            patternErrorMessage: 'an address that begins with https://',
            examples: ['https://chat.example/hook'],
          },
          command: {
            description: 'A program that gets each notice as JSON on standard input.',
            ...WORDS,
            examples: [['/usr/local/bin/notify']],
          },
        }),
      },
    },
    ['version', 'source'],
  ),
};
