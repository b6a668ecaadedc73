import { Args } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { lockFlag } from '../cli/flags.ts';

export default class Rename extends NetformCommand {
  static override summary = 'Rename a lab of this machine without touching its traffic.';
  static override description =
    'Changes the marks of what the lab made, its nftables tables, its lines in /etc/hosts and /etc/netns, and its record. Then write the new name in the file. A rename that fails or is interrupted ends in the former name or in the new one.';
  static override helpPlace = { group: 'Confirm, undo, stop managing', position: 5 } as const;
  static override completes = { lab: 'labs', name: 'anything' } as const;
  static override synonyms = ['mv', 'move'];
  static override examples = ['<%= config.bin %> <%= command.id %> red-blue office'];
  static override args = {
    lab: Args.string({ name: 'OLD', description: 'The lab.', required: true, ignoreStdin: true }),
    name: Args.string({ name: 'NEW', description: 'Its new name.', required: true, ignoreStdin: true }),
  };
  static override flags = lockFlag;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Rename);
    const { renameLab } = await import('../pipeline/lab/rename.ts');
    const request = { from: args.lab, to: args.name, lockTimeoutMs: flags['lock-timeout'] * 1000 };
    const { from, to, staleFile } = await renameLab(await this.openSession(), request);
    const reminder = staleFile === null ? '' : ` Write name: ${to} in ${staleFile}.`;
    this.respond({
      findings: null,
      json: { from, to, file: staleFile },
      text: `Renamed ${from} to ${to}.${reminder}\n`,
    });
  }
}
