import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { lockFlag } from '../cli/flags.ts';

export default class Reconcile extends NetformCommand {
  static override summary = 'Make labs as a repository or a folder says, once.';
  static override description =
    'Reads /etc/netform/reconcile.d/NAME.yaml, or FILE: looks at the source, applies what is new with a time in which probes decide, undoes what others changed, and remembers how it went. A commit that cannot be used changes nothing, and what was applied last is looked after meanwhile. Exits 0 when all is in sync or healed, 75 when it will be tried again, 10 when something is held or suspended, 6 on drift that is only reported, 3 when a commit is refused, 5 when a rollback is incomplete.';
  static override helpPlace = { group: 'Labs that come back', position: 4 } as const;
  static override completes = { name: 'files' } as const;
  static override synonyms = ['gitops', 'sync', 'pull'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> lab',
    '<%= config.bin %> <%= command.id %> ./lab.yaml --json',
    '<%= config.bin %> <%= command.id %> --all',
  ];
  static override args = {
    name: Args.string({
      name: 'NAME|FILE',
      description: 'A reconcile file by its name or its path.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    all: Flags.boolean({ summary: 'Every file in /etc/netform/reconcile.d, one after the other.' }),
    ...lockFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Reconcile);
    const { reconcileTargets } = await import('../pipeline/reconcile/orders.ts');
    const { runReconciles } = await import('../pipeline/reconcile/run-reconcile.ts');
    const { reconcileJson } = await import('../report/json/reconcile.ts');
    const { reconcilesText } = await import('../report/text/reconcile.ts');
    const files = reconcileTargets(args.name ?? null, flags.all ? 'all' : 'one');
    const options = { lockTimeoutMs: flags['lock-timeout'] * 1000, pauses: 'kept' as const };
    const { results, exitCode } = await runReconciles(await this.openSession(), files, options);
    this.respondToFiles(
      results.flatMap(({ findings }) => findings ?? []),
      {
        findings: null,
        json: { reconciles: results.map(reconcileJson) },
        text: reconcilesText(results, this.paint(process.stdout)),
        exitCode,
      },
    );
  }
}
