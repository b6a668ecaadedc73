import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { EXIT } from '../model/error.ts';

export default class Fmt extends NetformCommand {
  static override summary = 'Write topologies with even spacing.';
  static override description =
    'Blanks, empty lines and the column of comments behind values; what the file says, its comments, their order and its indentation stay. Writes the files in place and names those that it changed; - goes from standard input to standard output.';
  static override strict = false;
  static override usage = 'fmt [FILE...]';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In a pipeline: exit 6 when a file is not as fmt writes it',
      command: '<%= config.bin %> <%= command.id %> *.yaml --check',
    },
    '<%= config.bin %> <%= command.id %> - < lab.yaml',
  ];
  static override args = {
    file: Args.string({
      name: 'FILE',
      description: 'The topologies; - reads standard input.',
      default: 'topology.yaml',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    check: Flags.boolean({ summary: 'Write nothing; exit 6 when a file would change.', exclusive: ['out'] }),
    out: Flags.string({
      char: 'o',
      summary: 'Write it there instead, of one file; - is standard output.',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { args, argv, flags } = await this.parse(Fmt);
    const { formatFile, writeFormatResult } = await import('../pipeline/tools/fmt.ts');
    const files = argv.length === 0 ? [args.file] : argv.map(String);
    const session = await this.openOfflineSession();
    const changed: string[] = [];
    let printed = '';
    for (const file of files) {
      const { text, isChanged, findings } = formatFile(session, file);
      if (text === null) return this.respond({ findings, json: {}, text: '' });
      const out = flags.out ?? file;
      if (isChanged) changed.push(file);
      if (flags.check) continue;
      if (out === '-') printed += text;
      else if (isChanged || out !== file) writeFormatResult(out, text);
    }
    const text = printed || changed.map((file) => `${file}\n`).join('');
    const exitCode = flags.check && changed.length > 0 ? EXIT.drift : EXIT.done;
    this.respond({ findings: null, json: { changed, ...(printed === '' ? {} : { text: printed }) }, text, exitCode });
  }
}
