import { NetformCommand } from '../cli/base-command.ts';
import { lockFlag, runArgument } from '../cli/flags.ts';

export default class Rollback extends NetformCommand {
  static override summary = 'Roll back a run that was interrupted, or is not confirmed yet.';
  static override description =
    'Restores the state before that run. A run that had made all its changes and needs no confirmation is completed instead. Every apply and destroy first does the same for interrupted runs.';
  static override helpPlace = { group: 'Confirm, undo, stop managing', position: 2 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override synonyms = ['undo', 'revert'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> red-blue --json',
  ];
  static override args = runArgument;
  static override flags = lockFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Rollback);
    const { rollbackRun } = await import('../pipeline/recovery/rollback.ts');
    const ask = { target: args.lab ?? null, lockTimeoutMs: flags['lock-timeout'] * 1000 };
    const { lab, status } = await rollbackRun(await this.openSession(), ask);
    const text = status === 'none' ? `Nothing to roll back${lab === null ? '' : ` for ${lab}`}.\n` : '';
    this.respond({ findings: null, json: { lab, status }, text });
  }
}
