import { jsonFlag, NetformCommand } from '../cli/base-command.ts';

export default class Schema extends NetformCommand {
  static override summary = 'Print the JSON Schema of topologies.';
  static override description =
    'With it, an editor completes keys, explains them and marks mistakes. netform checks files with the same schema.';
  static override helpPlace = { group: 'Write a topology', position: 4 } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'Save it for an editor', command: '<%= config.bin %> <%= command.id %> > topology.schema.json' },
  ];
  static override baseFlags = {
    ...NetformCommand.baseFlags,
    ...jsonFlag('Report errors as JSON; the schema is JSON in any case.'),
  };

  async run(): Promise<void> {
    await this.parse(Schema);
    const { assetText } = await import('../pipeline/assets.ts');
    process.stdout.write(assetText('schemas/topology.schema.json'));
  }
}
