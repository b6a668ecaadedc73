import { Args, Flags } from '@oclif/core';
import { NetformCommand, usageError } from '../cli/base-command.ts';

export default class Exec extends NetformCommand {
  static override summary = 'Run a program inside a namespace.';
  static override description =
    "What stands after -- is run as it is, without a shell, with the namespace's own hosts, resolv.conf and /sys, as ip netns exec does. Its exit code is that of netform: 127 when there is no such program, 128+n when signal n ended it. The namespace host is this machine. With --all its lines have the namespace before them, and the exit code is that of the first namespace where it failed.";
  static override usage = [
    'exec NAMESPACE -- PROGRAM [ARGUMENT...]',
    'exec --all [--lab NAME] -- PROGRAM [ARGUMENT...]',
  ];
  static override examples = [
    '<%= config.bin %> <%= command.id %> red -- ping -c1 blue',
    {
      description: 'In every namespace of a lab',
      command: '<%= config.bin %> <%= command.id %> --all -- ip -br address',
    },
    '<%= config.bin %> <%= command.id %> --all --lab red-blue --json -- cat /etc/hosts',
  ];
  static override args = {
    namespace: Args.string({
      name: 'NAMESPACE',
      description: 'Any of this machine; host is the machine itself.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    all: Flags.boolean({ summary: 'In every namespace of a lab.' }),
    lab: Flags.string({
      summary: 'The lab of --all; left out: that of topology.yaml here, else the only one.',
      helpValue: 'NAME',
      dependsOn: ['all'],
    }),
  };

  async run(): Promise<void> {
    const { own, argv } = splitExecArgv(this.argv);
    const { args, flags } = await this.parse(Exec, own);
    if ((flags.all === true) === (args.namespace !== undefined)) {
      throw usageError('say one namespace, or --all', 'netform exec red -- ip address');
    }
    const { execProgram, namespacesOfLab, runInNamespaces } = await import('../pipeline/tools/exec.ts');
    if (args.namespace !== undefined && !flags.json) return execProgram({ netns: args.namespace, argv });
    const namespaces =
      args.namespace === undefined
        ? namespacesOfLab(await this.openOfflineSession(), flags.lab ?? null)
        : [args.namespace];
    const { bufferedExecOutput, prefixedExecOutput } = await import('../report/stream/exec-output.ts');
    const out = flags.json
      ? bufferedExecOutput(namespaces)
      : prefixedExecOutput(namespaces, (stream) => this.paint(stream));
    const left = await runInNamespaces(namespaces, argv, out.take);
    this.respond({
      findings: null,
      ...out.end(left),
      exitCode: left.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
    });
  }
}

/** A command line in two: what is netform's own, and the program after `--`. Throws E_USAGE when there is none. */
function splitExecArgv(argv: readonly string[]): {
  own: string[];
  argv: readonly [string, ...(readonly string[])];
} {
  const end = argv.indexOf('--');
  const [program, ...rest] = end < 0 ? [] : argv.slice(end + 1);
  if (program === undefined) throw usageError('say after -- what to run', 'netform exec red -- ping -c1 blue');
  return { own: argv.slice(0, end), argv: [program, ...rest] };
}
