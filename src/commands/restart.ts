import { Args } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { labFlag, lockFlag } from '../cli/flags.ts';

export default class Restart extends NetformCommand {
  static override summary = 'End programs of a lab, and start them again.';
  static override description =
    'Starts them as the lab has them, with the files of now, and waits until they are ready. Exit 4 when one does not get ready; the next apply starts it.';
  static override helpPlace = { group: 'Work inside namespaces', position: 6 } as const;
  static override completes = { program: 'namespaces', lab: 'labs' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %> web/http',
    { description: 'All programs of a namespace', command: '<%= config.bin %> <%= command.id %> web' },
  ];
  static override args = {
    program: Args.string({
      name: 'NAMESPACE[/NAME]',
      description: 'A program, or all of a namespace; host is the machine itself.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = { ...labFlag, ...lockFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Restart);
    const { restartPrograms } = await import('../pipeline/tools/programs.ts');
    const programs = await restartPrograms(await this.openSession(), {
      target: args.program,
      lab: flags.lab ?? null,
      lockTimeoutMs: flags['lock-timeout'] * 1000,
    });
    this.respond({ findings: null, json: { programs }, text: `Started again: ${programs.join(', ')}.\n` });
  }
}
