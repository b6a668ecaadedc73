import { Flags } from '@oclif/core';
import { lockFlag, NetformCommand, runArgument } from '../cli/base-command.ts';

export default class Recover extends NetformCommand {
  static override summary = 'Bring interrupted runs to an end, as at boot.';
  static override description =
    'Undoes each, or finishes it when only its record was missing. A run of before the last reboot that was never confirmed is undone; one that still has time is left. templates/netform-recover.service runs it at boot.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --all',
    '<%= config.bin %> <%= command.id %> red-blue',
  ];
  static override args = runArgument;
  static override flags = { all: Flags.boolean({ summary: 'Of every lab of this machine.' }), ...lockFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Recover);
    const { recoverRuns } = await import('../pipeline/recovery/recover-all.ts');
    const ask = { target: args.lab ?? null, lockTimeoutMs: flags['lock-timeout'] * 1000 };
    const labs = await recoverRuns(await this.openSession(), ask, flags.all ? 'all' : 'one');
    this.respond({ findings: null, json: { labs }, text: labs.length === 0 ? 'Nothing to recover.\n' : '' });
  }
}
