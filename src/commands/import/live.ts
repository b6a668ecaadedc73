import { Flags } from '@oclif/core';
import { importFlags, NetformCommand } from '../../cli/base-command.ts';

export default class ImportLive extends NetformCommand {
  static override summary = 'Describe what is on this machine as a topology.';
  static override description =
    'Reads namespaces and what of the machine they are connected to, and prints the smallest topology that describes it; netform plan --adopt of it changes nothing. What a topology cannot say is listed in a comment. Changes nothing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --all',
    '<%= config.bin %> <%= command.id %> --netns red,blue --name red-blue -o imported.yaml',
    {
      description: "With the machine's own bridges, routes and NAT",
      command: '<%= config.bin %> <%= command.id %> --all --host --json',
    },
  ];
  static override flags = {
    netns: Flags.string({ summary: 'Only these namespaces.', helpValue: 'NAME,NAME', exclusive: ['all'] }),
    all: Flags.boolean({ summary: 'All namespaces under /run/netns. So it is without --netns.' }),
    host: Flags.boolean({ summary: 'Everything of the machine, also what the namespaces are not connected to.' }),
    ...importFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ImportLive);
    const { importMachine } = await import('../../pipeline/import/import-topology.ts');
    const namespaces = flags.netns?.split(',').filter((name) => name !== '') ?? null;
    const host = flags.host ? 'whole' : 'touched';
    const imported = await importMachine(await this.openSession(), { namespaces, host, name: flags.name ?? null });
    await this.respondToImport(imported, flags);
  }
}
