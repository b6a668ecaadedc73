import { NetformCommand, terminalWidth } from '../cli/base-command.ts';

export default class List extends NetformCommand {
  static override summary = 'List the labs of this machine.';
  static override description =
    'Shows the file of each lab, when it was applied, and how many of its resources are changed or missing since.';
  static override helpPlace = { group: 'Inspect labs', position: 1 } as const;
  static override synonyms = ['ls', 'ps'];
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(List);
    const { showLabs } = await import('../pipeline/list.ts');
    const session = await this.openSession();
    await this.printOpenRuns();
    const { labsJson, labsText } = await import('../report/text/labs.ts');
    const list = await showLabs(session);
    const options = { paint: this.paint(process.stdout), width: terminalWidth(process.stdout) };
    this.respond({ findings: null, json: labsJson(list), text: this.wrap(labsText(list, options)) });
  }
}
