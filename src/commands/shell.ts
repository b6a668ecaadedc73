import { Args } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';

export default class Shell extends NetformCommand {
  static override summary = 'Open a shell inside a namespace.';
  static override description =
    "$SHELL, or sh, with the namespace's name before its prompt and in NETFORM_NAMESPACE. Inside it everything is as with netform exec; exit, or Ctrl-D, leads back.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> red',
    {
      description: 'A script, line by line',
      command: 'echo "ip address; ping -c1 blue" | <%= config.bin %> <%= command.id %> red',
    },
  ];
  static override args = {
    namespace: Args.string({
      name: 'NAMESPACE',
      description: 'Any of this machine; host is the machine itself.',
      required: true,
      ignoreStdin: true,
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Shell);
    const { openShell } = await import('../pipeline/tools/shell.ts');
    openShell(args.namespace);
  }
}
