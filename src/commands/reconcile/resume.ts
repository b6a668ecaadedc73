import { NetformCommand } from '../../cli/base-command.ts';
import { lockFlag, reconcileArgument } from '../../cli/flags.ts';

export default class ReconcileResume extends NetformCommand {
  static override summary = 'Have reconcile go on.';
  static override description =
    'After netform reconcile suspend, and after an incomplete rollback that stopped everything: look at what remains first.';
  static override helpPlace = { group: 'Labs that come back', position: 7 } as const;
  static override completes = { name: 'anything' } as const;
  static override examples = ['<%= config.bin %> <%= command.id %> lab'];
  static override args = reconcileArgument;
  static override flags = { ...lockFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ReconcileResume);
    const { resumeReconcile } = await import('../../pipeline/reconcile/orders.ts');
    const { reconcileJson } = await import('../../report/json/reconcile.ts');
    const view = await resumeReconcile(await this.openOfflineSession(), args.name, flags['lock-timeout'] * 1000);
    const text = view.was === null ? `Nothing to do: ${view.name} was not suspended.\n` : `${view.name} goes on.\n`;
    this.respond({ findings: null, json: { was: view.was, reconcile: reconcileJson(view) }, text });
  }
}
