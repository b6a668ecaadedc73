import { Flags } from '@oclif/core';
import {
  adoptFlag,
  fileArgument,
  foreignPolicyOf,
  NetformCommand,
  pruneFlag,
  toTopologyRequest,
  variableFlags,
} from '../cli/base-command.ts';
import { EXIT } from '../model/error.ts';

export default class Plan extends NetformCommand {
  static override summary = 'Show what apply would change, and change nothing.';
  static override description =
    'Compares the file with the machine. The lines are grouped by namespace: + is added, ~ changed in place, ± replaced, - deleted. Marked lines make up for what somebody changed by hand; ? is in a namespace of the lab but not from the file. Writes nothing, unless -o names a file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In a script: exit 10 when there are changes',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --exit-code',
    },
    {
      description: 'Save the plan, and apply exactly that',
      command: '<%= config.bin %> <%= command.id %> lab.yaml -o lab.plan',
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
    out: Flags.string({
      char: 'o',
      summary: 'Save the plan (0600); netform apply FILE then does exactly this, or exits 9.',
      helpValue: 'FILE',
    }),
    commands: Flags.boolean({ summary: 'Print the changes as lines for sh.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Plan);
    const { planTopology } = await import('../pipeline/plan.ts');
    await this.printOpenRuns();
    const { hasChanges, planText } = await import('../report/text/plan.ts');
    const { planJson } = await import('../report/json/answer.ts');
    const { shellScript } = await import('../report/shell/script.ts');
    const { savePlan } = await import('../pipeline/planning/saved-plan.ts');
    const { findings, view, rounds, saved } = await planTopology(
      await this.openSession(),
      toTopologyRequest(args, flags),
      foreignPolicyOf(flags),
    );
    if (view === null) return this.respond({ findings, json: {}, text: '' });
    if (flags.out !== undefined && saved !== null) {
      savePlan(flags.out, saved());
      this.printWarning(`the plan is saved: netform apply ${flags.out}`);
    }
    const commands = flags.commands ? shellScript(rounds()) : null;
    this.respond({
      findings,
      json: { ...planJson(view), ...(commands === null ? {} : { commands }) },
      text: commands ?? planText(view, 'plan', this.paint(process.stdout)),
      exitCode: flags['exit-code'] && hasChanges(view) ? EXIT.changes : EXIT.done,
    });
  }
}
