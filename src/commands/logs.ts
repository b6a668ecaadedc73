import { Args, Flags } from '@oclif/core';
import { jsonFlag, NetformCommand } from '../cli/base-command.ts';
import { integerFlag, labFlag } from '../cli/flags.ts';

export default class Logs extends NetformCommand {
  static override summary = 'Show what programs of a lab have written.';
  static override description =
    'Standard output and standard error of programs that run, or ran last, in a namespace: the last of it, 1.5 MB for each. It is cut when a program is started again. With several programs each line begins with the name of its program.';
  static override helpPlace = { group: 'Work inside namespaces', position: 5 } as const;
  static override completes = { program: 'namespaces', lab: 'labs' } as const;
  static override synonyms = ['log', 'journal'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> web/http',
    '<%= config.bin %> <%= command.id %> web -n 20',
    '<%= config.bin %> <%= command.id %> web/http --json',
  ];
  static override args = {
    program: Args.string({
      name: 'NAMESPACE[/NAME]',
      description: 'A program, or all of a namespace; host is the machine itself.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    follow: Flags.boolean({ char: 'f', summary: 'Go on with what they write, until Ctrl-C.' }),
    lines: integerFlag({ char: 'n', summary: 'Only the last lines of each.', helpValue: 'NUMBER', min: 0 }),
    ...labFlag,
  };
  static override baseFlags = {
    ...NetformCommand.baseFlags,
    ...jsonFlag('Print one JSON object for each line.'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Logs);
    const { findPrograms, readLogs } = await import('../pipeline/tools/programs.ts');
    const { programLinesOutput } = await import('../report/stream/program-lines.ts');
    const session = await this.openOfflineSession();
    const target = { target: args.program, lab: flags.lab ?? null };
    const isMany = findPrograms(session.store, target).length > 1;
    const form = flags.json ? 'json' : isMany ? 'prefixed' : 'plain';
    await readLogs(
      session,
      { ...target, lines: flags.lines ?? null, follow: flags.follow === true },
      programLinesOutput(form),
    );
  }
}
