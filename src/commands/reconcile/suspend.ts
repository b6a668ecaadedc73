import { Flags } from '@oclif/core';
import { NetformCommand } from '../../cli/base-command.ts';
import { reconcileArgument } from '../../cli/flags.ts';

export default class ReconcileSuspend extends NetformCommand {
  static override summary = 'Have reconcile do nothing until it is resumed.';
  static override description =
    'Each run then ends at once with exit code 10, and status says suspended. A run that is at work comes to its end first.';
  static override helpPlace = { group: 'Labs that come back', position: 6 } as const;
  static override completes = { name: 'anything' } as const;
  static override examples = ['<%= config.bin %> <%= command.id %> lab --why "switch is being replaced"'];
  static override args = reconcileArgument;
  static override flags = { why: Flags.string({ summary: 'What status says about it.', helpValue: 'TEXT' }) };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ReconcileSuspend);
    const { suspendReconcile } = await import('../../pipeline/reconcile/orders.ts');
    const { reconcileJson } = await import('../../report/json/reconcile.ts');
    const view = suspendReconcile(await this.openOfflineSession(), args.name, flags.why ?? null);
    const text = `${view.name} is suspended. netform reconcile resume ${view.name} has it go on.\n`;
    this.respond({ findings: null, json: { reconcile: reconcileJson(view) }, text });
  }
}
