import { NetformCommand } from '../cli/base-command.ts';
import { cniFlags, confirmFlag, jsonIntoFlag, labArgument, runFlags } from '../cli/flags.ts';

export default class Destroy extends NetformCommand {
  static override summary = 'Remove a lab and restore this machine to its state before.';
  static override description =
    'Removes what was recorded when the lab was applied, even when parts of it no longer exist; of a file, only the name of the lab is read. Asks on a terminal, and needs --yes without one.';
  static override helpPlace = { group: 'Build and remove labs', position: 3 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override synonyms = ['down', 'delete', 'remove', 'rm', 'clean', 'stop'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> --yes',
    '<%= config.bin %> <%= command.id %> lab.yaml --yes',
    '<%= config.bin %> <%= command.id %> red-blue --yes --json',
  ];
  static override args = labArgument;
  static override flags = { ...cniFlags, ...confirmFlag, ...runFlags, ...jsonIntoFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Destroy);
    const { destroyLab } = await import('../pipeline/destroy.ts');
    const { parseConfirmSeconds } = await import('../pipeline/recovery/confirm.ts');
    const { runDialog } = await import('../report/dialog/run-dialog.ts');
    const talk = runDialog('destroy', {
      json: flags.json,
      yes: flags.yes,
      paint: this.paint(process.stdout),
      wrap: this.wrap,
      terminal: this.terminal(),
    });
    const ending = await destroyLab(await this.openSession(), args.lab ?? null, {
      ...talk,
      lockTimeoutMs: flags['lock-timeout'] * 1000,
      confirmSeconds: parseConfirmSeconds(flags.confirm),
    });
    await this.respondToRun(ending, talk.summary(ending));
  }
}
