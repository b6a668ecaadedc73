import { Args, Flags } from '@oclif/core';
import { lockFlag, NetformCommand, toTopologyRequest, variableFlags } from '../cli/base-command.ts';
import { EXIT } from '../model/error.ts';

export default class Doctor extends NetformCommand {
  static override summary = 'Find what on this machine troubles a lab, and say what mends it.';
  static override description =
    'Firewalls that drop what is forwarded, services that undo what a lab makes, limits, leftovers. Each with what it breaks, the rule or file, and the command that mends it. Changes nothing without --fix. Exit 6 when something is found.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> lab.yaml',
    {
      description: 'Remove what killed runs have left, and undo what they began',
      command: '<%= config.bin %> <%= command.id %> --fix',
    },
  ];
  static override args = {
    lab: Args.string({
      name: 'FILE|NAME',
      description: 'A topology, or the name of a lab of this machine; left out: every lab of this machine.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    ...variableFlags,
    fix: Flags.boolean({ summary: "Mend what is netform's own; other people's settings are never changed." }),
    ...lockFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Doctor);
    const { runDoctor, runDoctorFix } = await import('../pipeline/tools/doctor.ts');
    const { doctorJson, doctorText } = await import('../report/text/doctor.ts');
    const request = args.lab === undefined ? null : toTopologyRequest({ file: args.lab }, flags);
    const session = await this.openSession();
    const diagnosis = await (flags.fix
      ? runDoctorFix(session, request, flags['lock-timeout'] * 1000)
      : runDoctor(session, request));
    this.respond({
      findings: diagnosis.findings,
      json: doctorJson(diagnosis),
      text: doctorText(diagnosis, this.paint(process.stdout)),
      exitCode: diagnosis.found.length > 0 ? EXIT.drift : EXIT.done,
    });
  }
}
