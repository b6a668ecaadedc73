import { Flags } from '@oclif/core';
import { adoptFlag, choiceOf, fileArgument, NetformCommand, pruneFlag, requestOf, variableFlags } from '../command.ts';
import { EXIT } from '../model/error.ts';

export default class Plan extends NetformCommand {
  static override summary = 'Show what apply would change, and change nothing.';
  static override description =
    'Compares the file with the machine. The lines are grouped by namespace: + is added, ~ changed in place, ± replaced, - deleted. Writes nothing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In a script: exit 10 when there are changes',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --exit-code',
    },
    {
      description: 'The same change as ip, nft and sysctl lines',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --commands',
    },
  ];
  static override args = fileArgument;
  static override flags = {
    ...variableFlags,
    ...adoptFlag,
    ...pruneFlag,
    'exit-code': Flags.boolean({ summary: 'Exit 10 when there are changes, 0 when there are none.' }),
    commands: Flags.boolean({ summary: 'Print the changes as lines for sh.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Plan);
    const { plan, unfinished } = await import('../pipeline.ts');
    this.tellAll(unfinished());
    const { planText } = await import('../report/plan.ts');
    const { planJson } = await import('../report/json.ts');
    const { shellScript } = await import('../report/shell/script.ts');
    const { findings, view, rounds } = await plan(requestOf(args, flags), choiceOf(flags), this.note);
    if (view === null) return this.respond({ findings, json: {}, text: '' });
    const commands = flags.commands ? shellScript(rounds) : null;
    this.respond({
      findings,
      json: { ...planJson(view), ...(commands === null ? {} : { commands }) },
      text: commands ?? planText(view, 'plan', this.paint(process.stdout)),
      exitCode: flags['exit-code'] && view.described.length > 0 ? EXIT.changes : EXIT.done,
    });
  }
}
