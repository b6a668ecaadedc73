import { lockFlag, NetformCommand, runArgument } from '../cli/base-command.ts';

export default class Rollback extends NetformCommand {
  static override summary = 'Undo a run that was interrupted, or that is not confirmed yet.';
  static override description =
    'The machine is then as it was before that run. One that had reached its goal and counts is only finished. Every apply and destroy does the same first for interrupted runs.';
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
