import { Flags } from '@oclif/core';
import { type CommandResponse, NetformCommand } from '../cli/base-command.ts';
import { fileArgument, jsonIntoFlag, toTopologyRequest, variableFlags } from '../cli/flags.ts';
import type { TopologyDiagnostics } from '../model/diagnostics/diagnostic-file.ts';
import { jsonText } from '../report/json/answer.ts';

export default class Validate extends NetformCommand {
  static override summary = 'Check a topology, and report all mistakes at once.';
  static override description =
    'Reads the file only, never the machine, and needs no privileges. Exits 0 when the topology is valid, 3 when it is not.';
  static override helpPlace = { group: 'Write a topology', position: 2 } as const;
  static override completes = { file: 'topologies' } as const;
  static override synonyms = ['check', 'lint', 'test', 'verify'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> lab.yaml --var subnet=10.8.0.0/24',
    '<%= config.bin %> <%= command.id %> lab.yaml --expand',
    '<%= config.bin %> <%= command.id %> - --json < lab.yaml',
    {
      description: 'In a workflow of GitHub: an annotation at each mistake',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --format github',
    },
    {
      description: 'For code scanning',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --sarif > netform.sarif',
    },
  ];
  static override args = fileArgument;
  static override flags = {
    ...variableFlags,
    expand: Flags.boolean({
      description: 'Print the topology with includes, ranges, variables and defaults written out.',
    }),
    format: Flags.string({
      summary: 'Print the mistakes for a service: github (annotations), gitlab (code quality) or sarif.',
      options: ['github', 'gitlab', 'sarif'],
      exclusive: ['json', 'expand', 'sarif'],
    }),
    sarif: Flags.boolean({ summary: 'As --format sarif: SARIF 2.1.0.', exclusive: ['json', 'expand'] }),
    ...jsonIntoFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Validate);
    const { expandTopologyFile, validateTopology } = await import('../pipeline/validate.ts');
    const request = toTopologyRequest(args, flags);
    const session = await this.openOfflineSession();
    if (!flags.expand) {
      const findings = validateTopology(session, request);
      const report = await this.report(flags.sarif ? 'sarif' : flags.format, findings);
      return this.respond({ findings, json: { file: findings.file }, text: `${findings.file} is valid\n`, ...report });
    }
    const { findings, expanded } = expandTopologyFile(session, request);
    const { topology = null, text = '' } = expanded ?? {};
    this.respond({ findings, json: { file: findings.file, topology }, text });
  }
  /** The findings in the format of a service. Annotations are lines of the log themselves, so nothing else is printed there. */
  private async report(
    format: string | undefined,
    { diagnostics, ...source }: TopologyDiagnostics,
  ): Promise<Partial<CommandResponse>> {
    if (format === undefined) return {};
    const { listFindings } = await import('../report/findings/finding.ts');
    const findings = listFindings(diagnostics, source);
    if (format === 'github') {
      const { githubCommands } = await import('../report/findings/github.ts');
      return { document: githubCommands(findings), isTold: true };
    }
    if (format === 'gitlab') {
      const { codeQuality } = await import('../report/findings/gitlab.ts');
      return { document: jsonText(codeQuality(findings)) };
    }
    const { sarifLog } = await import('../report/findings/sarif.ts');
    const { version, pjson } = this.config;
    const homepage = typeof pjson['homepage'] === 'string' ? { homepage: pjson['homepage'] } : {};
    return { document: jsonText(sarifLog(findings, { version, ...homepage })) };
  }
}
