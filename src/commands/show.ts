import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../command.ts';
import { EXIT } from '../model/error.ts';

export default class Show extends NetformCommand {
  static override summary = 'Show a lab of this machine: each resource, and whether it is as recorded.';
  static override description =
    'ok: as it was applied. changed: there, but different. missing: not there any more. The next apply repairs both.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> red-blue --exit-code',
  ];
  static override args = {
    lab: Args.string({
      name: 'NAME',
      description: 'The lab; left out: that of topology.yaml here, else the only one on the machine.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    'exit-code': Flags.boolean({ summary: 'Exit 6 when something is not as recorded.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Show);
    const { show, unfinished } = await import('../pipeline.ts');
    this.tellAll(unfinished());
    const { isAsRecorded, labJson, labText } = await import('../report/labs.ts');
    const view = await show(args.lab ?? null);
    this.respond({
      findings: null,
      json: labJson(view),
      text: labText(view, this.paint(process.stdout)),
      exitCode: flags['exit-code'] && !isAsRecorded(view) ? EXIT.drift : EXIT.done,
    });
  }
}
