import { NetformCommand } from '../../cli/base-command.ts';
import { reconcileArgument } from '../../cli/flags.ts';

export default class ReconcileStatus extends NetformCommand {
  static override summary = 'Show how labs stand to their source.';
  static override description =
    'Shows what the last run has found, and why: which commit each lab was applied from, what is held, refused or failed, when it is tried again. Changes nothing, and looks neither at the source nor at the machine.';
  static override helpPlace = { group: 'Labs that come back', position: 5 } as const;
  static override completes = { name: 'anything' } as const;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> lab --json'];
  static override args = { name: { ...reconcileArgument.name, required: false } };

  async run(): Promise<void> {
    const { args } = await this.parse(ReconcileStatus);
    const { viewReconciles } = await import('../../pipeline/reconcile/orders.ts');
    const { reconcileJson } = await import('../../report/json/reconcile.ts');
    const { reconcilesText } = await import('../../report/text/reconcile.ts');
    const views = viewReconciles(await this.openOfflineSession(), args.name ?? null);
    const text = reconcilesText(views, this.paint(process.stdout));
    this.respond({ findings: null, json: { reconciles: views.map(reconcileJson) }, text });
  }
}
