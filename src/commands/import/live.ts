import { Flags } from '@oclif/core';
import { ImportCommand, importFlags } from '../../cli/import-command.ts';

export default class ImportLive extends ImportCommand {
  static override summary = 'Describe this machine as a topology.';
  static override description =
    'Reads namespaces and the objects of the machine that they are connected to, and prints the smallest topology that describes them; netform plan --adopt of it shows no changes. Changes nothing itself. The networks of containers of Docker and Podman are left out, and named: container: stands for one. What a topology cannot express is listed in a comment.';
  static override helpPlace = { group: 'Import from elsewhere', position: 1 } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --all',
    '<%= config.bin %> <%= command.id %> --netns red,blue --name red-blue -o imported.yaml',
    {
      description: "With the machine's own bridges, routes and NAT",
      command: '<%= config.bin %> <%= command.id %> --all --host --json',
    },
  ];
  static override flags = {
    netns: Flags.string({ summary: 'Describe only these namespaces.', helpValue: 'NAME,NAME', exclusive: ['all'] }),
    all: Flags.boolean({ summary: 'Describe all namespaces under /run/netns (the default).' }),
    host: Flags.boolean({ summary: 'Describe the whole machine, with objects that no namespace is connected to.' }),
    ...importFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ImportLive);
    const { importMachine } = await import('../../pipeline/import/import-live.ts');
    const namespaces = flags.netns?.split(',').filter((name) => name !== '') ?? null;
    const host = flags.host ? 'whole' : 'touched';
    const imported = await importMachine(await this.openSession(), { namespaces, host, name: flags.name ?? null });
    await this.respondToImport(imported, flags);
  }
}
