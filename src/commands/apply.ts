import {
  adoptFlag,
  confirmFlag,
  fileArgument,
  foreignPolicyOf,
  NetformCommand,
  pruneFlag,
  runFlags,
  toTopologyRequest,
  variableFlags,
} from '../cli/base-command.ts';

export default class Apply extends NetformCommand {
  static override summary = 'Make the machine as the file says.';
  static override description =
    'Shows the plan, carries it out and verifies it; whatever fails, what was done is undone. On a terminal it asks before something is deleted or replaced. What was removed from the file is removed from the machine; a second apply has nothing to do.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> lab.yaml --yes',
    {
      description: 'Over SSH: undone after a minute unless netform confirm comes',
      command: '<%= config.bin %> <%= command.id %> lab.yaml --confirm 60s',
    },
    {
      description: 'Exactly what netform plan -o saved, or exit 9',
      command: '<%= config.bin %> <%= command.id %> lab.plan --yes',
    },
    '<%= config.bin %> <%= command.id %> lab.yaml --lock-timeout 30 --json',
  ];
  static override args = fileArgument;
  static override flags = { ...variableFlags, ...adoptFlag, ...pruneFlag, ...confirmFlag, ...runFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Apply);
    const { applyTopology } = await import('../pipeline/apply.ts');
    const { parseConfirmSeconds } = await import('../pipeline/recovery/confirm.ts');
    const { runDialog } = await import('../report/dialog/run-dialog.ts');
    const talk = runDialog('apply', { json: flags.json, yes: flags.yes, paint: this.paint(process.stdout) });
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
    this.respondToRun(ending, talk.summary(ending));
  }
}
