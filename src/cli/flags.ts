import { Args, Flags } from '@oclif/core';
import { parseSeconds } from '../model/values/duration.ts';
import type { TopologyRequest } from '../pipeline/topology/resolve.ts';
import { flagValueError } from './usage-error.ts';

/** A flag whose value is a whole number, from `min` to `max`. */
export const integerFlag = Flags.custom<number, { readonly min: number; readonly max?: number }>({
  async parse(input, _context, { name, min, max }) {
    const value = /^-?\d+$/.test(input) ? Number(input) : Number.NaN;
    if (value >= min && value <= (max ?? Number.MAX_SAFE_INTEGER)) return value;
    const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
    throw flagValueError(`--${name} must be a whole number ${range}, not ${input}`);
  },
});

/** A flag whose value is a time in seconds, `60`, `60s`, `5m` or `1h`, up to `max` seconds. */
export const durationFlag = Flags.custom<number, { readonly max: number }>({
  async parse(input, _context, { name, max }) {
    const seconds = parseSeconds(input);
    if (seconds !== null && seconds <= max) return seconds;
    const problem =
      seconds === null ? `must be a time such as 60s or 5m, not ${input}` : `must be at most ${max} seconds`;
    throw flagValueError(`--${name} ${problem}`);
  },
});

/** FILE, as every command takes it that reads a topology. */
export const fileArgument = {
  file: Args.string({
    name: 'FILE',
    description: 'The topology; - reads it from standard input.',
    default: 'topology.yaml',
    // Otherwise oclif takes standard input for the name of the file.
    ignoreStdin: true,
  }),
};

/** The lab of a command that works on a lab of this machine. */
export const labArgument = {
  lab: Args.string({
    name: 'NAME|FILE',
    description: 'The lab; default: that of topology.yaml here, else the only one on this machine.',
    ignoreStdin: true,
  }),
};

/** The lab whose run was interrupted or is not confirmed. */
export const runArgument = {
  lab: Args.string({
    name: 'NAME|FILE',
    description: 'The lab; default: the only one with such a run, else that of topology.yaml here.',
    ignoreStdin: true,
  }),
};

/** The reconcile file of a command of `reconcile`. */
export const reconcileArgument = {
  name: Args.string({
    name: 'NAME',
    description: 'A file of /etc/netform/reconcile.d, without its ending.',
    required: true,
    ignoreStdin: true,
  }),
};

/** NAMESPACE:INTERFACE. */
export const interfaceArgument = {
  interface: Args.string({
    name: 'NAMESPACE:INTERFACE',
    description: 'For example red:eth0; the namespace host is this machine.',
    required: true,
    ignoreStdin: true,
  }),
};

/** NET and NAMESPACE[:INTERFACE] of commands that attach to CNI networks. */
export const attachmentArguments = {
  network: Args.string({
    name: 'NET',
    description: 'The name of a network in /etc/cni/net.d; a path is that of its file.',
    required: true,
    ignoreStdin: true,
  }),
  interface: Args.string({
    name: 'NAMESPACE[:INTERFACE]',
    description: 'The namespace, and the interface that the plugins make: eth0 where none is named.',
    required: true,
    ignoreStdin: true,
  }),
};

/** `--var` and `--var-file`. */
export const variableFlags = {
  var: Flags.string({
    summary: 'Set a variable of the topology (repeatable).',
    helpValue: 'NAME=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'var-file': Flags.string({ summary: 'Read variables from a YAML file; --var overrides it.', helpValue: 'FILE' }),
};

/** `--adopt`. */
export const adoptFlag = {
  adopt: Flags.boolean({ summary: 'Take over existing objects of the same name that netform does not manage.' }),
};

/** `--prune`. */
export const pruneFlag = {
  prune: Flags.boolean({ summary: "Delete unmanaged objects in the lab's namespaces. Cannot be undone." }),
};

/**
 * `--cni-path`, of commands that look for CNI plugins. It is CNI_PATH, as plugins know it, for this command and
 * what it starts.
 */
export const cniPathFlag = {
  'cni-path': Flags.string({
    summary: 'Where CNI plugins are: folders joined by colons; also CNI_PATH. Default: /opt/cni/bin:/usr/lib/cni.',
    helpValue: 'FOLDERS',
    async parse(input) {
      if (input.split(':').some((folder) => !folder.startsWith('/')))
        throw flagValueError(`--cni-path takes absolute folders joined by colons, not ${input}`);
      process.env['CNI_PATH'] = input;
      return input;
    },
  }),
};

/** `--cni-path` and `--cni-timeout`, of commands that call CNI plugins. The time is CNI_TIMEOUT for what the command starts. */
export const cniFlags = {
  ...cniPathFlag,
  'cni-timeout': Flags.string({
    summary: 'How long a CNI plugin may take, such as 90s or 5m; also CNI_TIMEOUT. Default: 60s.',
    helpValue: 'TIME',
    async parse(input) {
      const seconds = parseSeconds(input);
      if (seconds === null || seconds === 0)
        throw flagValueError(`--cni-timeout takes a time such as 90s or 5m, not ${input}`);
      process.env['CNI_TIMEOUT'] = input;
      return input;
    },
  }),
};

/** `--json-into`, of commands whose answer for people a pipeline prints while a program reads the other one. */
export const jsonIntoFlag = {
  'json-into': Flags.string({
    summary: 'Write the JSON document of --json to a file, and print the text for people.',
    helpValue: 'FILE',
  }),
};

/** `--full`, of commands whose text leaves out lines that are the same as others. */
export const fullFlag = {
  full: Flags.boolean({ summary: 'Print each line, also lines that are the same in many namespaces.' }),
};

/** `--confirm`. */
export const confirmFlag = {
  confirm: Flags.string({
    summary: 'Roll back unless netform confirm runs within this time: 60s, 5m.',
    helpValue: 'TIME',
  }),
};

/** `--lab`. */
export const labFlag = {
  lab: Flags.string({ summary: 'The lab; needed where several have programs of that name.', helpValue: 'NAME' }),
};

/** `--lock-timeout`. */
export const lockFlag = {
  'lock-timeout': integerFlag({
    summary: 'How long to wait for another run to end.',
    helpValue: 'SECONDS',
    default: 0,
    min: 0,
  }),
};

/** `--yes` and `--lock-timeout`, of commands that change the machine. */
export const runFlags = {
  yes: Flags.boolean({ char: 'y', summary: 'Do not ask for confirmation.' }),
  ...lockFlag,
};

/** The request of the pipeline that FILE, `--var` and `--var-file` make. */
export const toTopologyRequest = (
  args: { readonly file: string },
  flags: { readonly var?: readonly string[] | undefined; readonly 'var-file'?: string | undefined },
): TopologyRequest => ({ file: args.file, vars: flags.var ?? [], varFile: flags['var-file'] ?? null });

/** What `--adopt` and `--prune` decide about objects that netform does not manage. */
export const foreignPolicyOf = (flags: { readonly adopt: boolean; readonly prune: boolean }) =>
  ({ foreign: flags.adopt ? 'adopt' : 'refuse', extras: flags.prune ? 'pruned' : 'kept' }) as const;
