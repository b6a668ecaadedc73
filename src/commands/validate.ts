import { Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { fileArgument, toTopologyRequest, variableFlags } from '../cli/flags.ts';

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
  ];
  static override args = fileArgument;
  static override flags = {
    ...variableFlags,
    expand: Flags.boolean({
      description: 'Print the topology with includes, ranges, variables and defaults written out.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Validate);
    const { expandTopologyFile, validateTopology } = await import('../pipeline/validate.ts');
    const request = toTopologyRequest(args, flags);
    const session = await this.openOfflineSession();
    if (!flags.expand) {
      const findings = validateTopology(session, request);
      return this.respond({ findings, json: { file: findings.file }, text: `${findings.file} is valid\n` });
    }
    const { findings, expanded } = expandTopologyFile(session, request);
    const { topology = null, text = '' } = expanded ?? {};
    this.respond({ findings, json: { file: findings.file, topology }, text });
  }
}
