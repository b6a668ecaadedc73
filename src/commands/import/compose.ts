import { Args } from '@oclif/core';
import { importFlags, NetformCommand } from '../../cli/base-command.ts';

export default class ImportCompose extends NetformCommand {
  static override summary = 'Turn a file of Docker Compose into a topology.';
  static override description =
    'Services become namespaces, networks bridges with their subnets and NAT, ports what is published, aliases and extra_hosts names. What runs in the services, and whatever else a topology cannot say, is listed in a comment and on standard error. Looks at the file only.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> compose.yaml',
    '<%= config.bin %> <%= command.id %> compose.yaml --name lab -o shop.yaml',
    '<%= config.bin %> <%= command.id %> - --json < compose.yaml',
  ];
  static override args = {
    file: Args.string({
      name: 'FILE',
      description: 'The file; - reads it from standard input.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = importFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ImportCompose);
    const { importFromFile } = await import('../../pipeline/import/import-topology.ts');
    const imported = importFromFile(await this.openOfflineSession(), args.file, {
      of: 'compose',
      name: flags.name ?? null,
    });
    await this.respondToImport(imported, flags);
  }
}
