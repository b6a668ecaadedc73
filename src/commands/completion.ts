import { Args } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';

export default class Completion extends NetformCommand {
  static override summary = 'Print the script that has a shell complete netform.';
  static override description =
    'Commands, flags and files, and the names of labs, namespaces and interfaces that are there (labs only for root). The first lines of each script say where it belongs.';
  static override examples = [
    { description: 'In the present shell', command: 'eval "$(<%= config.bin %> <%= command.id %> bash)"' },
    {
      description: 'For every new one',
      command: '<%= config.bin %> <%= command.id %> bash > /etc/bash_completion.d/netform',
    },
    '<%= config.bin %> <%= command.id %> zsh',
    '<%= config.bin %> <%= command.id %> fish',
  ];
  static override args = {
    shell: Args.string({
      name: 'SHELL',
      description: 'bash, zsh or fish.',
      options: ['bash', 'zsh', 'fish'],
      required: true,
      ignoreStdin: true,
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const { listTemplates } = await import('../pipeline/tools/init.ts');
    const { completionScript } = await import('../report/completion/completion-script.ts');
    const commands = Object.entries(this.commands).map(async ([id, load]) => {
      const { summary, strict, args, flags, baseFlags } = await load();
      return { id, summary, strict, args, flags: { ...baseFlags, ...flags } };
    });
    const names = listTemplates().map(({ name }) => name);
    process.stdout.write(completionScript(args.shell, await Promise.all(commands), names));
  }
}
