import { NetformCommand } from '../cli/base-command.ts';
import {
  adoptFlag,
  cniFlags,
  confirmFlag,
  fileArgument,
  foreignPolicyOf,
  jsonIntoFlag,
  pruneFlag,
  runFlags,
  toTopologyRequest,
  variableFlags,
} from '../cli/flags.ts';

export default class Apply extends NetformCommand {
  static override summary = 'Apply a topology to this machine.';
  static override description =
    'Shows the plan, applies it and verifies the result; rolls back on any failure. On a terminal it asks before it deletes or replaces anything; without one it does not ask, and only the removal of the whole lab needs --yes. What was removed from the file is removed from the machine; a second apply changes nothing.';
  static override helpPlace = { group: 'Build and remove labs', position: 2 } as const;
  static override completes = { file: 'topologies' } as const;
  static override synonyms = ['up', 'deploy', 'create', 'start', 'update', 'converge', 'build'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> lab.yaml --yes',
    {
      description: 'Over SSH: roll back after a minute unless netform confirm runs',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --confirm 60s',
    },
    {
      description: 'Apply exactly what netform plan -o saved, or exit 9',
      command: '<%= config.bin %> <%= command.id %> lab.plan --yes',
    },
    '<%= config.bin %> <%= command.id %> lab.yaml --lock-timeout 30 --json',
  ];
  static override args = fileArgument;
  static override flags = {
    ...variableFlags,
    ...adoptFlag,
    ...pruneFlag,
    ...cniFlags,
    ...confirmFlag,
    ...runFlags,
    ...jsonIntoFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Apply);
    const { applyTopology } = await import('../pipeline/apply.ts');
    const { parseConfirmSeconds } = await import('../pipeline/recovery/confirm.ts');
    const { runDialog } = await import('../report/dialog/run-dialog.ts');
    const talk = runDialog('apply', {
      json: flags.json,
      yes: flags.yes,
      paint: this.paint(process.stdout),
      wrap: this.wrap,
      terminal: this.terminal(),
    });
    const ending = await applyTopology(await this.openSession(), toTopologyRequest(args, flags), {
      ...talk,
      agree: (view, findings) => {
        this.printDiagnostics(findings);
        return talk.agree(view);
      },
      lockTimeoutMs: flags['lock-timeout'] * 1000,
      confirmSeconds: parseConfirmSeconds(flags.confirm),
      ...foreignPolicyOf(flags),
    });
    await this.respondToRun(ending, talk.summary(ending));
  }
}
