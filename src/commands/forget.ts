import { Args, Flags } from '@oclif/core';
import { NetformCommand, runFlags } from '../cli/base-command.ts';
import { EXIT } from '../model/error.ts';

export default class Forget extends NetformCommand {
  static override summary = 'Let go of a lab, and leave everything as it is.';
  static override description =
    'Only the record goes: what the lab made stays on the machine, with its marks, and netform neither changes nor removes it any more. apply --adopt takes it back. Asks on a terminal, and needs --yes without one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> red-blue --yes',
    {
      description: 'One resource, which somebody else has taken',
      command: '<%= config.bin %> <%= command.id %> red-blue --resource netns:red --yes',
    },
  ];
  static override args = {
    lab: Args.string({
      name: 'NAME|FILE',
      description: 'The lab; left out: that of topology.yaml here, else the only one on the machine.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    resource: Flags.string({
      summary: 'Only this resource of it, by its id: netform show --json has them.',
      helpValue: 'ID',
    }),
    ...runFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Forget);
    const { forgetLab } = await import('../pipeline/lab/forget.ts');
    const { confirmForget, forgetJson, forgetText } = await import('../report/dialog/forget.ts');
    const forgotten = await forgetLab(await this.openSession(), {
      target: args.lab ?? null,
      resource: flags.resource ?? null,
      agree: flags.yes ? async () => true : async (about) => confirmForget(about),
      lockTimeoutMs: flags['lock-timeout'] * 1000,
    });
    const exitCode = forgotten.status === 'declined' ? EXIT.usage : EXIT.done;
    this.respond({ findings: null, json: forgetJson(forgotten), text: forgetText(forgotten), exitCode });
  }
}
