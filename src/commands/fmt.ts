import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { EXIT } from '../model/error.ts';

export default class Fmt extends NetformCommand {
  static override summary = 'Format topologies.';
  static override description =
    'Normalizes spaces, empty lines and the column of trailing comments; content, comments, order and indentation stay. Rewrites the files in place and prints the names of those that changed; - reads standard input and writes standard output.';
  static override helpPlace = { group: 'Write a topology', position: 3 } as const;
  static override completes = { file: 'topologies' } as const;
  static override synonyms = ['format', 'pretty'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In CI: exit 6 when a file is not formatted',
      command: '<%= config.bin %> <%= command.id %> *.yaml --check',
    },
    '<%= config.bin %> <%= command.id %> - < lab.yaml',
  ];
  static override args = {
    file: Args.string({
      name: 'FILE',
      description: 'The topologies; - reads standard input.',
      multiple: true,
      default: ['topology.yaml'],
      ignoreStdin: true,
    }),
  };
  static override flags = {
    check: Flags.boolean({ summary: 'Write nothing; exit 6 when a file would change.', exclusive: ['out'] }),
    out: Flags.string({
      char: 'o',
      summary: 'Write the result to this file instead; - is standard output.',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Fmt);
    const { formatFile, writeFormatResult } = await import('../pipeline/tools/fmt.ts');
    const session = await this.openOfflineSession();
    const changed: string[] = [];
    let printed = '';
    for (const file of args.file) {
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
