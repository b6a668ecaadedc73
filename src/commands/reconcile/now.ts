import { NetformCommand } from '../../cli/base-command.ts';
import { lockFlag, reconcileArgument } from '../../cli/flags.ts';

export default class ReconcileNow extends NetformCommand {
  static override summary = 'Reconcile at once, whatever failed before.';
  static override description =
    'As netform reconcile, without the pauses after failures, and trying again what was refused. It does nothing while suspended.';
  static override helpPlace = { group: 'Labs that come back', position: 9 } as const;
  static override completes = { name: 'anything' } as const;
  static override examples = ['<%= config.bin %> <%= command.id %> lab'];
  static override args = reconcileArgument;
  static override flags = { ...lockFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ReconcileNow);
    const { findReconcileFile } = await import('../../pipeline/reconcile/settings-file.ts');
    const { runReconcile } = await import('../../pipeline/reconcile/run-reconcile.ts');
    const { reconcileJson } = await import('../../report/json/reconcile.ts');
    const { reconcilesText } = await import('../../report/text/reconcile.ts');
    const lockTimeoutMs = flags['lock-timeout'] * 1000;
    const options = { lockTimeoutMs, pauses: 'over' as const };
    const ended = await runReconcile(await this.openSession(), findReconcileFile(args.name), options);
    const text = reconcilesText([ended], this.paint(process.stdout));
    const { findings, exitCode } = ended;
    this.respond({ findings, json: { reconciles: [reconcileJson(ended)] }, text, exitCode });
  }
}
