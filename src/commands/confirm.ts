import { NetformCommand } from '../cli/base-command.ts';
import { lockFlag, runArgument } from '../cli/flags.ts';

export default class Confirm extends NetformCommand {
  static override summary = 'Keep the changes of apply --confirm.';
  static override description =
    'Without it, the run is rolled back when its time is over. Exit 4 when that has happened already; 0 when there is nothing to confirm.';
  static override helpPlace = { group: 'Confirm, undo, stop managing', position: 1 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override synonyms = ['commit'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> red-blue --json',
  ];
  static override args = runArgument;
  static override flags = lockFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Confirm);
    const { confirmRun } = await import('../pipeline/recovery/confirm.ts');
    const ask = { target: args.lab ?? null, lockTimeoutMs: flags['lock-timeout'] * 1000 };
    const { lab, status } = await confirmRun(await this.openSession(), ask);
    const none = `Nothing to confirm${lab === null ? '' : ` for ${lab}`}.\n`;
    const text = status === 'confirmed' ? `Confirmed: ${lab} stays as it is.\n` : none;
    this.respond({ findings: null, json: { lab, status }, text });
  }
}
