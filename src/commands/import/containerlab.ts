import { Args } from '@oclif/core';
import { importFlags, NetformCommand } from '../../cli/base-command.ts';

export default class ImportContainerlab extends NetformCommand {
  static override summary = 'Turn a file of containerlab into a topology.';
  static override description =
    'Nodes become namespaces, links cables, bridges bridges; the ip and sysctl lines that nodes run at their start become addresses, routes and settings. What runs in the nodes, and whatever else a topology cannot say, is listed in a comment and on standard error. Looks at the file only.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> lab.clab.yml',
    '<%= config.bin %> <%= command.id %> lab.clab.yml --name lab -o containerlab.yaml',
    '<%= config.bin %> <%= command.id %> - --json < lab.clab.yml',
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
    const { args, flags } = await this.parse(ImportContainerlab);
    const { importFromFile } = await import('../../pipeline/import/import-topology.ts');
    const imported = importFromFile(await this.openOfflineSession(), args.file, {
      of: 'containerlab',
      name: flags.name ?? null,
    });
    await this.respondToImport(imported, flags);
  }
}
