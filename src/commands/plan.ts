import { Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import {
  adoptFlag,
  cniPathFlag,
  fileArgument,
  foreignPolicyOf,
  fullFlag,
  pruneFlag,
  toTopologyRequest,
  variableFlags,
} from '../cli/flags.ts';
import { EXIT } from '../model/error.ts';

export default class Plan extends NetformCommand {
  static override summary = 'Show what apply would change.';
  static override description =
    'Compares the topology with this machine, and changes nothing. Lines are grouped by namespace: + is added, ~ changed in place, ± replaced, - deleted. Lines with changed by hand or was removed by hand undo a manual change; ? is in a namespace of the lab but not in the file. Writes no file unless -o names one.';
  static override helpPlace = { group: 'Build and remove labs', position: 1 } as const;
  static override completes = { file: 'topologies' } as const;
  static override synonyms = ['diff', 'preview'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In a script: exit 10 when there are changes',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --exit-code',
    },
    {
      description: 'Save the plan, to apply exactly that later',
      command: '<%= config.bin %> <%= command.id %> lab.yaml -o lab.plan',
    },
    {
      description: 'As ip, nft and sysctl commands',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --commands',
    },
  ];
  static override args = fileArgument;
  static override flags = {
    ...variableFlags,
    ...adoptFlag,
    ...pruneFlag,
    ...cniPathFlag,
    'exit-code': Flags.boolean({ summary: 'Exit 10 when there are changes, 0 when there are none.' }),
    out: Flags.string({
      char: 'o',
      summary: 'Save the plan (mode 0600): netform apply FILE applies exactly this, or exits 9.',
      helpValue: 'FILE',
    }),
    ...fullFlag,
    commands: Flags.boolean({
      summary: 'Print the changes as the commands that a person would type; with --json all of them.',
    }),
    'all-commands': Flags.boolean({
      summary: 'Print all commands, also --commands=all: with marks, MACs and what is the default anyhow.',
    }),
  };

  async run(): Promise<void> {
    this.argv = this.argv.map((word) => (word === '--commands=all' ? '--all-commands' : word));
    const { args, flags } = await this.parse(Plan);
    const { planTopology, shellScript, shortShellScript } = await import('../pipeline/plan.ts');
    await this.printOpenRuns();
    const { hasChanges, planText } = await import('../report/text/plan.ts');
    const { planJson } = await import('../report/json/plan.ts');
    const { savePlan } = await import('../pipeline/planning/saved-plan.ts');
    const { findings, view, rounds, isNew, saved } = await planTopology(
      await this.openSession(),
      toTopologyRequest(args, flags),
      foreignPolicyOf(flags),
    );
    if (view === null) return this.respond({ findings, json: {}, text: '' });
    if (flags.out !== undefined && saved !== null) {
      savePlan(flags.out, saved());
      this.printWarning(`the plan is saved: netform apply ${flags.out}`);
    }
    const isWhole = flags['all-commands'] || (flags.commands && this.isJson());
    const short = () => (flags.commands ? shortShellScript({ rounds: rounds(), isNew }) : null);
    const commands = isWhole ? shellScript(rounds()) : short();
    this.respond({
      findings,
      json: this.isJson() ? { ...planJson(view, this.config.version), ...(commands === null ? {} : { commands }) } : {},
      text: commands ?? this.wrap(planText(view, 'plan', { paint: this.paint(process.stdout), isFull: flags.full })),
      exitCode: flags['exit-code'] && hasChanges(view) ? EXIT.changes : EXIT.done,
    });
  }
}
