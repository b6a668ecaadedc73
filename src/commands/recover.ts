import { Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { lockFlag, runArgument } from '../cli/flags.ts';

export default class Recover extends NetformCommand {
  static override summary = 'Finish or roll back interrupted runs (run at boot).';
  static override description =
    'Rolls each run back, or completes its record when all changes were made. A run from before the last reboot that was never confirmed is rolled back; one that still has time to be confirmed is left. templates/netform-recover.service runs it at boot.';
  static override helpPlace = { group: 'Confirm, undo, stop managing', position: 3 } as const;
  static override completes = { lab: 'labs-or-files' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --all',
    '<%= config.bin %> <%= command.id %> red-blue',
  ];
  static override args = runArgument;
  static override flags = { all: Flags.boolean({ summary: 'Recover every lab of this machine.' }), ...lockFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Recover);
    const { recoverRuns } = await import('../pipeline/recovery/recover-all.ts');
    const ask = { target: args.lab ?? null, lockTimeoutMs: flags['lock-timeout'] * 1000 };
    const labs = await recoverRuns(await this.openSession(), ask, flags.all ? 'all' : 'one');
    this.respond({ findings: null, json: { labs }, text: labs.length === 0 ? 'Nothing to recover.\n' : '' });
  }
}
