import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { lockFlag, toTopologyRequest, variableFlags } from '../cli/flags.ts';
import { EXIT } from '../model/error.ts';

export default class Doctor extends NetformCommand {
  static override summary = 'Diagnose host settings that break labs, and show the fix.';
  static override description =
    'Finds firewalls that drop forwarded packets, services that revert what a lab sets, limits, and leftovers of killed runs. Reports each with what it breaks, the rule or file, and the command that fixes it. Changes nothing without --fix. Exit 6 when there are findings.';
  static override helpPlace = { group: 'Inspect labs', position: 5 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override synonyms = ['diagnose'];
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> lab.yaml',
    {
      description: 'Roll back killed runs and remove their leftovers',
      command: '<%= config.bin %> <%= command.id %> --fix',
    },
  ];
  static override args = {
    lab: Args.string({
      name: 'FILE|NAME',
      description: 'A topology, or the name of a lab of this machine; default: every lab of this machine.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    ...variableFlags,
    fix: Flags.boolean({ summary: "Fix what is netform's own; settings of others are never changed." }),
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
      text: this.wrap(doctorText(diagnosis, this.paint(process.stdout)), REMEDY_LINE),
      exitCode: diagnosis.found.length > 0 ? EXIT.drift : EXIT.done,
    });
  }
}

/** A command to copy: it stays one line. */
const REMEDY_LINE = /^ {9}fix: |^ {16}/;
