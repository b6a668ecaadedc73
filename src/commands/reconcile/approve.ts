import { Args } from '@oclif/core';
import { NetformCommand } from '../../cli/base-command.ts';
import { reconcileArgument } from '../../cli/flags.ts';

export default class ReconcileApprove extends NetformCommand {
  static override summary = 'Say yes to what reconcile holds.';
  static override description =
    'Deletions beyond the limit, a source or a topology in which nothing is left, labs and objects of others that are in the way: of the commit that is held now, and no other one. The next run does it.';
  static override helpPlace = { group: 'Labs that come back', position: 8 } as const;
  static override completes = { name: 'anything', lab: 'labs' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %> lab',
    '<%= config.bin %> <%= command.id %> lab red-blue',
  ];
  static override args = {
    ...reconcileArgument,
    lab: Args.string({ name: 'LAB', description: 'Only what is held of this lab.', ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(ReconcileApprove);
    const { approveReconcile } = await import('../../pipeline/reconcile/orders.ts');
    const approved = approveReconcile(await this.openOfflineSession(), args.name, args.lab ?? null);
    const lines = approved.map(({ lab, commit, reason }) => `Approved: ${lab} ${commit.slice(0, 12)}, ${reason}.\n`);
    const text = `${lines.join('')}The next run does it; netform reconcile now ${args.name} does it at once.\n`;
    this.respond({ findings: null, json: { approved: approved.map((one) => ({ ...one })) }, text });
  }
}
