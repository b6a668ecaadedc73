import { NetformCommand } from '../command.ts';

export default class List extends NetformCommand {
  static override summary = 'List the labs of this machine.';
  static override description = 'Each with its file, when it was applied, and whether it is still as recorded.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(List);
    const { list, unfinished } = await import('../pipeline.ts');
    this.tellAll(unfinished());
    const { labsJson, labsText } = await import('../report/labs.ts');
    const views = await list(this.note);
    this.respond({ findings: null, json: labsJson(views), text: labsText(views, this.paint(process.stdout)) });
  }
}
