import { Args, Flags } from '@oclif/core';
import { type CommandResponse, NetformCommand } from '../cli/base-command.ts';
import { fullFlag } from '../cli/flags.ts';
import { EXIT } from '../model/error.ts';
import type { PlanTextOptions } from '../report/text/plan.ts';

export default class Show extends NetformCommand {
  static override summary = 'Show the resources of a lab, and their drift.';
  static override description =
    'ok: as it was applied. changed: it differs; the recorded value is after the arrow. missing: it no longer exists. The next apply repairs both. foreign: another object is in its place. ?: in a namespace of the lab, but not in the file. Of a saved plan, shows what apply would do.';
  static override helpPlace = { group: 'Inspect labs', position: 2 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override synonyms = ['status', 'inspect', 'describe', 'info', 'state'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> red-blue --exit-code',
    '<%= config.bin %> <%= command.id %> --watch',
    { description: 'A saved plan', command: '<%= config.bin %> <%= command.id %> lab.plan' },
  ];
  static override args = {
    lab: Args.string({
      name: 'NAME|PLAN',
      description:
        'The lab, or a saved plan; default: the lab of topology.yaml here, else the only one on this machine.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    'exit-code': Flags.boolean({ summary: 'Exit 6 when a resource is changed or missing.' }),
    ...fullFlag,
    watch: Flags.boolean({
      char: 'w',
      summary: 'Show it again whenever it changes, until Ctrl-C; with --json one line each time.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Show);
    const options = { paint: this.paint(process.stdout), isFull: flags.full };
    if (flags.watch) {
      const { followLabView } = await import('../pipeline/lab/follow.ts');
      const { watchScreen } = await import('../report/stream/watch-screen.ts');
      const { labText } = await import('../report/text/labs.ts');
      return followLabView(await this.openSession(), {
        target: args.lab ?? null,
        take: watchScreen(this.isJson(), (view) => this.wrap(labText(view, options))),
      });
    }
    const saved = args.lab === undefined ? null : await this.savedPlan(args.lab, options);
    if (saved) return this.respond(saved);
    const { showLab } = await import('../pipeline/show.ts');
    await this.printOpenRuns();
    const { isInSync, labJson, labText } = await import('../report/text/labs.ts');
    const view = await showLab(await this.openSession(), args.lab ?? null);
    const exitCode = flags['exit-code'] && !isInSync(view) ? EXIT.drift : EXIT.done;
    this.respond({ findings: null, json: labJson(view), text: this.wrap(labText(view, options)), exitCode });
  }

  /** What a saved plan would do; null: the file is none. */
  private async savedPlan(file: string, options: PlanTextOptions): Promise<CommandResponse | null> {
    const { savedPlanView } = await import('../pipeline/planning/saved-plan.ts');
    const view = savedPlanView(file);
    if (view === null) return null;
    const { planJson } = await import('../report/json/plan.ts');
    const { planText } = await import('../report/text/plan.ts');
    return {
      findings: null,
      json: planJson(view, this.config.version),
      text: this.wrap(planText(view, 'plan', options)),
    };
  }
}
