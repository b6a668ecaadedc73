import { Args } from '@oclif/core';
import { jsonFlag, NetformCommand } from '../cli/base-command.ts';

export default class Completion extends NetformCommand {
  static override summary = 'Print the completion script for a shell.';
  static override description =
    'Completes commands, flags and files, and the names of existing labs, namespaces and interfaces (labs only for root). The first lines of each script say where to install it.';
  static override helpPlace = { group: 'Set up the shell', position: 1 } as const;
  static override examples = [
    { description: 'In this shell', command: 'eval "$(<%= config.bin %> <%= command.id %> bash)"' },
    {
      description: 'In every new shell',
      command: '<%= config.bin %> <%= command.id %> bash > /etc/bash_completion.d/netform',
    },
    '<%= config.bin %> <%= command.id %> zsh',
    '<%= config.bin %> <%= command.id %> fish',
  ];
  static override args = {
    shell: Args.string({
      name: 'SHELL',
      description: 'The shell.',
      options: ['bash', 'zsh', 'fish'],
      required: true,
      ignoreStdin: true,
    }),
  };
  static override baseFlags = {
    ...NetformCommand.baseFlags,
    ...jsonFlag('Report errors as JSON.'),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const { listTemplates } = await import('../pipeline/tools/init.ts');
    const { completionScript } = await import('../report/completion/completion-script.ts');
    const commands = Object.entries(this.commands).map(async ([id, { summary, load }]) => {
      const { completes, args, flags, baseFlags } = await load();
      return { id, summary, completes, args, flags: { ...baseFlags, ...flags } };
    });
    const names = listTemplates().map(({ name }) => name);
    process.stdout.write(completionScript(args.shell, await Promise.all(commands), names));
  }
}
