import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { lockFlag } from '../cli/flags.ts';
import type { ReconcileFile } from '../pipeline/reconcile/settings-file.ts';

export default class Reconcile extends NetformCommand {
  static override summary = 'Make labs as a repository or a folder says.';
  static override description =
    'Reads /etc/netform/reconcile.d/NAME.yaml, or FILE: looks at the source, applies what is new with a time in which probes decide, undoes what others changed, and remembers how it went. A commit that cannot be used changes nothing, and what was applied last is looked after meanwhile. With --watch it goes on: it sleeps until the kernel speaks of the labs, the folder, the reconcile file or an order changes, HUP comes, or the time of every is over. Exits 0 when all is in sync or healed, 75 when it will be tried again, 10 when something is held or suspended, 6 on drift that is only reported, 3 when a commit is refused, 5 when a rollback is incomplete.';
  static override helpPlace = { group: 'Labs that come back', position: 4 } as const;
  static override completes = { name: 'files' } as const;
  static override synonyms = ['gitops', 'sync', 'pull'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> lab',
    '<%= config.bin %> <%= command.id %> ./lab.yaml --json',
    '<%= config.bin %> <%= command.id %> --all',
    { description: 'Look at the file only', command: '<%= config.bin %> <%= command.id %> ./lab.yaml --check' },
    {
      description: 'Heal at once what others change, until Ctrl-C',
      command: '<%= config.bin %> <%= command.id %> lab --watch',
    },
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
    watch: Flags.boolean({
      char: 'w',
      summary: 'Go on until Ctrl-C: a run for each change on the machine, in the source or of an order.',
      exclusive: ['all'],
    }),
    check: Flags.boolean({
      summary: 'Only say what is wrong with the reconcile file, each mistake with its place and remedy.',
      exclusive: ['watch'],
    }),
    ...lockFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Reconcile);
    const lockTimeoutMs = flags['lock-timeout'] * 1000;
    if (flags.watch) return this.watch(args.name ?? null, lockTimeoutMs);
    const { reconcileTargets } = await import('../pipeline/reconcile/orders.ts');
    if (flags.check) return this.check(reconcileTargets(args.name ?? null, flags.all ? 'all' : 'one'));
    const { runReconciles } = await import('../pipeline/reconcile/run-reconcile.ts');
    const { reconcileJson } = await import('../report/json/reconcile.ts');
    const { reconcilesText } = await import('../report/text/reconcile.ts');
    const files = reconcileTargets(args.name ?? null, flags.all ? 'all' : 'one');
    const options = { lockTimeoutMs, pauses: 'kept' as const };
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

  private async check(files: readonly ReconcileFile[]): Promise<void> {
    const { checkReconcileFile } = await import('../pipeline/reconcile/settings-file.ts');
    const checked = files.map(checkReconcileFile);
    for (const sentence of new Set(checked.flatMap(({ warnings }) => warnings)))
      this.printWarning(`${sentence}: a run refuses that`);
    const valid = files.filter((_, i) => checked[i]?.settings !== null);
    this.respondToFiles(
      checked.map(({ findings }) => findings),
      {
        findings: null,
        json: { files: files.map((one) => ({ ...one })) },
        text: valid.map(({ file }) => `${file} is valid\n`).join(''),
      },
    );
  }

  private async watch(target: string | null, lockTimeoutMs: number): Promise<void> {
    const { reconcileTargets } = await import('../pipeline/reconcile/orders.ts');
    const { becomeResident } = await import('../pipeline/reconcile/resident/become-resident.ts');
    const [file] = reconcileTargets(target, 'one');
    if (file !== undefined) becomeResident(file, { lockTimeoutMs, format: this.isJson() ? 'json' : 'text' });
  }
}
