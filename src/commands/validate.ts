import { fileArgument, NetformCommand, toTopologyRequest, variableFlags } from '../cli/base-command.ts';

export default class Validate extends NetformCommand {
  static override summary = 'Check a topology: every mistake at once.';
  static override description =
    'Looks at the file only, never at the machine, and needs no rights. Exits 0 when the file is good, 3 when it is not.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> lab.yaml --var subnet=10.8.0.0/24',
    '<%= config.bin %> <%= command.id %> - --json < lab.yaml',
  ];
  static override args = fileArgument;
  static override flags = variableFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Validate);
    const { validateTopology } = await import('../pipeline/validate.ts');
    await this.printOpenRuns();
    const findings = validateTopology(await this.openOfflineSession(), toTopologyRequest(args, flags));
    this.respond({ findings, json: { file: findings.file }, text: `${findings.file} is valid\n` });
  }
}
