import { Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import {
  adoptFlag,
  cniFlags,
  fileArgument,
  foreignPolicyOf,
  fullFlag,
  integerFlag,
  jsonIntoFlag,
  pruneFlag,
  toTopologyRequest,
  variableFlags,
} from '../cli/flags.ts';
import type { TopologyDiagnostics } from '../model/diagnostics/diagnostic-file.ts';
import { EXIT } from '../model/error.ts';
import type { PlanView } from '../model/results/plan-view.ts';
import { findingLines, listFindings } from '../report/findings/finding.ts';
import { jsonText } from '../report/json/answer.ts';

export default class Plan extends NetformCommand {
  static override summary = 'Show what apply would change.';
  static override description =
    'Compares the topology with this machine, and changes nothing. Lines are grouped by namespace: + is added, ~ changed in place, ± replaced, - deleted. Lines with changed by hand or was removed by hand undo a manual change; ? is in a namespace of the lab but not in the file. Writes no file unless -o names one.';
  static override helpPlace = { group: 'Build and remove labs', position: 1 } as const;
  static override completes = { file: 'topologies' } as const;
  static override synonyms = ['diff', 'preview'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In a script: exit 10 when there are changes',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --exit-code',
    },
    {
      description: 'Save the plan, to apply exactly that later',
      command: '<%= config.bin %> <%= command.id %> lab.yaml -o lab.plan',
    },
    {
      description: 'As a comment on a merge request, with the same plan as JSON for a program',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --markdown --json-into plan.json',
    },
    {
      description: 'As ip, nft and sysctl commands',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --commands',
    },
  ];
  static override args = fileArgument;
  static override flags = {
    ...variableFlags,
    ...adoptFlag,
    ...pruneFlag,
    ...cniFlags,
    'exit-code': Flags.boolean({ summary: 'Exit 10 when there are changes, 0 when there are none.' }),
    out: Flags.string({
      char: 'o',
      summary: 'Save the plan (mode 0600): netform apply FILE applies exactly this, or exits 9.',
      helpValue: 'FILE',
    }),
    ...fullFlag,
    markdown: Flags.boolean({
      summary: 'Print Markdown for a comment on a merge request: counts, risks, one fold per namespace.',
      exclusive: ['json', 'commands', 'all-commands', 'tf-json'],
    }),
    'max-bytes': integerFlag({
      summary: 'How long --markdown may get; what does not fit is counted.',
      helpValue: 'BYTES',
      default: 60_000,
      min: 1000,
    }),
    'tf-json': Flags.boolean({
      summary: 'Print how many resources are created, updated and deleted, for the terraform report of GitLab.',
      exclusive: ['json', 'commands', 'all-commands'],
    }),
    ...jsonIntoFlag,
    commands: Flags.boolean({
      summary: 'Print the changes as the commands that a person would type; with --json all of them.',
    }),
    'all-commands': Flags.boolean({
      summary: 'Print all commands, also --commands=all: with marks, MACs and what is the default anyhow.',
    }),
  };

  async run(): Promise<void> {
    this.argv = this.argv.map((word) => (word === '--commands=all' ? '--all-commands' : word));
    const { args, flags } = await this.parse(Plan);
    const { planTopology, shellScript, shortShellScript } = await import('../pipeline/plan.ts');
    await this.printOpenRuns();
    const { hasChanges, planText } = await import('../report/text/plan.ts');
    const { planJson } = await import('../report/json/plan.ts');
    const { savePlan } = await import('../pipeline/planning/saved-plan.ts');
    const { findings, view, rounds, isNew, saved } = await planTopology(
      await this.openSession(),
      toTopologyRequest(args, flags),
      foreignPolicyOf(flags),
    );
    if (view === null) {
      const refusal = flags.markdown ? { document: await this.refusalMarkdown(findings, flags['max-bytes']) } : {};
      return this.respond({ findings, json: {}, text: '', ...refusal });
    }
    if (flags.out !== undefined && saved !== null) {
      savePlan(flags.out, saved());
      this.printWarning(`the plan is saved: netform apply ${flags.out}`);
    }
    const isWhole = flags['all-commands'] || (flags.commands && this.isJson());
    const short = () => (flags.commands ? shortShellScript({ rounds: rounds(), isNew }) : null);
    const commands = isWhole ? shellScript(rounds()) : short();
    const document = await this.document(flags, view, findings);
    this.respond({
      findings,
      json: this.wantsJson()
        ? { ...planJson(view, this.config.version), ...(commands === null ? {} : { commands }) }
        : {},
      text: commands ?? this.wrap(planText(view, 'plan', { paint: this.paint(process.stdout), isFull: flags.full })),
      ...(document === null ? {} : { document }),
      exitCode: flags['exit-code'] && hasChanges(view) ? EXIT.changes : EXIT.done,
    });
  }

  /** What `--markdown` and `--tf-json` print; null without them. */
  private async document(
    flags: {
      readonly markdown: boolean;
      readonly 'tf-json': boolean;
      readonly 'max-bytes': number;
      readonly full: boolean;
    },
    view: PlanView,
    findings: TopologyDiagnostics,
  ): Promise<string | null> {
    if (flags['tf-json']) {
      const { terraformReport } = await import('../report/json/terraform.ts');
      return jsonText(terraformReport(view));
    }
    if (!flags.markdown) return null;
    const { planMarkdown } = await import('../report/markdown/plan.ts');
    return planMarkdown(view, {
      findings: findingLines(listFindings(findings.diagnostics, findings)),
      netform: this.config.version,
      isFull: flags.full,
      maxBytes: flags['max-bytes'],
    });
  }

  private async refusalMarkdown(findings: TopologyDiagnostics, maxBytes: number): Promise<string> {
    const { refusalMarkdown } = await import('../report/markdown/refusal.ts');
    const lines = findingLines(listFindings(findings.diagnostics, findings));
    return refusalMarkdown(findings.file, lines, maxBytes);
  }
}
