import { Args } from '@oclif/core';
import { confirmFlag, NetformCommand, runFlags } from '../cli/base-command.ts';

export default class Destroy extends NetformCommand {
  static override summary = 'Remove a lab: the machine is as it was before its first apply.';
  static override description =
    'Works from what was recorded when the lab was applied, never from the file, of which only the name is read; also when half of the lab is gone. Asks on a terminal, and needs --yes without one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --yes',
    '<%= config.bin %> <%= command.id %> lab.yaml --yes',
    '<%= config.bin %> <%= command.id %> red-blue --yes --json',
  ];
  static override args = {
    lab: Args.string({
      name: 'FILE|NAME',
      description: 'The lab; left out: that of topology.yaml here, else the only one on the machine.',
      ignoreStdin: true,
    }),
  };
  static override flags = { ...confirmFlag, ...runFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Destroy);
    const { destroyLab } = await import('../pipeline/destroy.ts');
    const { parseConfirmSeconds } = await import('../pipeline/recovery/confirm.ts');
    const { runDialog } = await import('../report/dialog/run-dialog.ts');
    const talk = runDialog('destroy', { json: flags.json, yes: flags.yes, paint: this.paint(process.stdout) });
    const ending = await destroyLab(await this.openSession(), args.lab ?? null, {
      ...talk,
      lockTimeoutMs: flags['lock-timeout'] * 1000,
      confirmSeconds: parseConfirmSeconds(flags.confirm),
    });
    this.respondToRun(ending, talk.summary(ending));
  }
}
