import { NetformCommand } from '../cli/base-command.ts';

export default class Schema extends NetformCommand {
  static override summary = 'Print the JSON schema of topologies.';
  static override description =
    'For editors: with it they complete keys, show what each means and mark mistakes. It is what netform itself checks files with.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'Save it, for an editor', command: '<%= config.bin %> <%= command.id %> > topology.schema.json' },
  ];

  async run(): Promise<void> {
    await this.parse(Schema);
    const { assetText } = await import('../pipeline/assets.ts');
    process.stdout.write(assetText('schemas/topology.schema.json'));
  }
}
