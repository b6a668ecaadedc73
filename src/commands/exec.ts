import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { splitExecArgv } from '../cli/exec-argv.ts';
import { usageError } from '../cli/usage-error.ts';

export default class Exec extends NetformCommand {
  static override summary = 'Run a program inside a namespace.';
  static override description =
    "Runs the words after -- without a shell, with the namespace's own hosts, resolv.conf and /sys, as ip netns exec does. The exit code is that of the program: 127 when it does not exist, 128+n when signal n ended it. The namespace host is this machine. With --all every line of output is prefixed with its namespace, and the exit code is that of the first program that failed.";
  static override helpPlace = { group: 'Work inside namespaces', position: 1 } as const;
  static override completes = { namespace: 'namespaces', lab: 'labs', '--': 'program' } as const;
  static override usage = [
    'exec NAMESPACE -- PROGRAM [ARGUMENT...]',
    'exec --all [--lab NAME] -- PROGRAM [ARGUMENT...]',
  ];
  static override synonyms = ['run'];
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
      description: 'A namespace of this machine; host is the machine itself.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    all: Flags.boolean({ summary: 'Run it in every namespace of a lab.' }),
    lab: Flags.string({
      summary: 'The lab of --all; default: that of topology.yaml here, else the only one.',
      helpValue: 'NAME',
      dependsOn: ['all'],
    }),
  };

  async run(): Promise<void> {
    const { own, argv } = splitExecArgv(this.argv);
    const { args, flags } = await this.parse(Exec, own);
    if ((flags.all === true) === (args.namespace !== undefined)) {
      throw usageError('give either a namespace or --all', 'netform exec red -- ip address');
    }
    const { execProgram, namespacesOfLab, runInNamespaces } = await import('../pipeline/tools/exec.ts');
    const session = await this.openOfflineSession();
    if (args.namespace !== undefined && !flags.json) return execProgram(session, { netns: args.namespace, argv });
    const namespaces = args.namespace === undefined ? namespacesOfLab(session, flags.lab ?? null) : [args.namespace];
    const { bufferedExecOutput, prefixedExecOutput } = await import('../report/stream/exec-output.ts');
    const out = flags.json
      ? bufferedExecOutput(namespaces)
      : prefixedExecOutput(namespaces, (stream) => this.paint(stream));
    const left = await runInNamespaces(session, namespaces, argv, out.take);
    this.respond({
      findings: null,
      ...out.end(left),
      exitCode: left.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
    });
  }
}
