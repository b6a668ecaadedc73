import { Args, Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { durationFlag, lockFlag } from '../cli/flags.ts';
import { EXIT, netformError } from '../model/error.ts';

export default class Boot extends NetformCommand {
  static override summary = 'Apply enabled labs, as at boot.';
  static override description =
    'What the units of netform enable run; the init of a machine without systemd can run it with --all once the network is up. Where the file of a lab cannot be read or has mistakes, what was applied last is applied. A lab with containers waits for them.';
  static override helpPlace = { group: 'Labs that come back', position: 3 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %> red-blue',
    '<%= config.bin %> <%= command.id %> --all',
  ];
  static override args = { lab: Args.string({ name: 'NAME', description: 'The lab.', ignoreStdin: true }) };
  static override flags = {
    all: Flags.boolean({ summary: 'Every enabled lab.' }),
    wait: durationFlag({
      summary: 'How long to wait for containers that do not run yet.',
      helpValue: 'TIME',
      default: 300,
      max: 3600,
    }),
    ...lockFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Boot);
    if ((args.lab === undefined) !== Boolean(flags.all))
      throw netformError('E_USAGE', EXIT.usage, 'give the name of one lab, or --all', {});
    const { bootLabs } = await import('../pipeline/boot/boot-labs.ts');
    const { bootText, quietRun } = await import('../report/dialog/boot.ts');
    const request = { lab: args.lab ?? null, waitMs: flags.wait * 1000 };
    const labs = await bootLabs(await this.openSession(), request, quietRun(flags['lock-timeout'] * 1000));
    for (const one of labs.filter(({ problem }) => problem !== null)) this.printWarning(bootText(one));
    const fine = labs.filter(({ problem }) => problem === null);
    const exitCode = labs.find(({ status }) => status === 'failed')?.exitCode ?? EXIT.done;
    const text =
      labs.length === 0 ? 'Nothing to do: no lab is enabled.\n' : fine.map((one) => `${bootText(one)}\n`).join('');
    this.respond({ findings: null, json: { labs: labs.map((one) => ({ ...one })) }, text, exitCode });
  }
}
