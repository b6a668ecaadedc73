import { Args, Flags } from '@oclif/core';
import { NetformCommand, type Response } from '../command.ts';
import { EXIT } from '../model/error.ts';

export default class Show extends NetformCommand {
  static override summary = 'Show a lab of this machine: each resource, and whether it is as recorded.';
  static override description =
    'ok: as it was applied. changed: there, but different; what it shall be again is behind the arrow. missing: not there any more. The next apply repairs both. foreign: something else is in its place. ?: in a namespace of the lab, but not from the file. Of a saved plan, what apply would do.';
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
        'The lab, or the file of a saved plan; left out: that of topology.yaml here, else the only one on the machine.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    'exit-code': Flags.boolean({ summary: 'Exit 6 when something is not as recorded.' }),
    watch: Flags.boolean({
      char: 'w',
      summary: 'Show it whenever it changes, until Ctrl-C; with --json a line each time.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Show);
    const paint = this.paint(process.stdout);
    if (flags.watch) {
      const { followView } = await import('../pipeline/follow.ts');
      const { showing } = await import('../report/stream.ts');
      return followView({ target: args.lab ?? null, take: showing(this.isJson(), paint), note: this.note });
    }
    const saved = args.lab === undefined ? null : await this.savedPlan(args.lab);
    if (saved) return this.respond(saved);
    const { show, unfinished } = await import('../pipeline.ts');
    this.tellAll(unfinished());
    const { isAsRecorded, labJson, labText } = await import('../report/labs.ts');
    const view = await show(args.lab ?? null);
    const exitCode = flags['exit-code'] && !isAsRecorded(view) ? EXIT.drift : EXIT.done;
    this.respond({ findings: null, json: labJson(view), text: labText(view, paint), exitCode });
  }

  /** What a saved plan would do; null: the file is none. */
  private async savedPlan(file: string): Promise<Response | null> {
    const { viewOfSaved } = await import('../pipeline/saved.ts');
    const view = viewOfSaved(file);
    if (view === null) return null;
    const { planJson } = await import('../report/json.ts');
    const { planText } = await import('../report/plan.ts');
    return { findings: null, json: planJson(view), text: planText(view, 'plan', this.paint(process.stdout)) };
  }
}
