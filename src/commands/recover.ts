import { Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { runArgument, runFlags } from '../cli/flags.ts';
import { EXIT } from '../model/error.ts';

export default class Recover extends NetformCommand {
  static override summary = 'Finish or roll back interrupted runs (run at boot).';
  static override description =
    'Rolls each run back, or completes its record when all changes were made. A run from before the last reboot that was never confirmed is rolled back; one that still has time to be confirmed is left. netform enable has it run at boot. With --orphans it lists what carries a mark of netform but is in no record (after forget, or when /var/lib/netform was lost), asks, and deletes it; given a FILE, it records again what that file describes.';
  static override helpPlace = { group: 'Confirm, undo, stop managing', position: 3 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --all',
    '<%= config.bin %> <%= command.id %> red-blue',
    '<%= config.bin %> <%= command.id %> --orphans',
    {
      description: 'Record a lab again after its record was lost',
      command: '<%= config.bin %> <%= command.id %> --orphans lab.yaml',
    },
  ];
  static override args = runArgument;
  static override flags = {
    all: Flags.boolean({ summary: 'Recover every lab of this machine.', exclusive: ['orphans'] }),
    orphans: Flags.boolean({ summary: 'Delete marked objects without a record, or record those of FILE again.' }),
    ...runFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Recover);
    if (flags.orphans) return this.recoverOrphans(args.lab ?? null, flags);
    const { recoverRuns } = await import('../pipeline/recovery/recover-all.ts');
    const ask = { target: args.lab ?? null, lockTimeoutMs: flags['lock-timeout'] * 1000 };
    const labs = await recoverRuns(await this.openSession(), ask, flags.all ? 'all' : 'one');
    this.respond({ findings: null, json: { labs }, text: labs.length === 0 ? 'Nothing to recover.\n' : '' });
  }

  private async recoverOrphans(file: string | null, flags: { yes: boolean; 'lock-timeout': number }): Promise<void> {
    const { recoverOrphans } = await import('../pipeline/recovery/recover-orphans.ts');
    const dialog = await import('../report/dialog/orphans.ts');
    const result = await recoverOrphans(await this.openSession(), {
      file,
      agree: async (found) => {
        if (!this.isJson()) process.stdout.write(dialog.orphanListText(found));
        return flags.yes || dialog.confirmOrphans(found);
      },
      lockTimeoutMs: flags['lock-timeout'] * 1000,
    });
    const exitCode = result.status === 'declined' ? EXIT.usage : EXIT.done;
    this.respond({ findings: null, json: dialog.orphansJson(result), text: dialog.orphanSummary(result), exitCode });
  }
}
