import { Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { labArgument, runFlags } from '../cli/flags.ts';
import { EXIT } from '../model/error.ts';

export default class Forget extends NetformCommand {
  static override summary = 'Stop managing a lab without changing it.';
  static override description =
    'Deletes the record of the lab only: what the lab created stays on the machine, with its marks, and netform neither changes nor removes it from then on. apply --adopt manages it again. Asks on a terminal, and needs --yes without one.';
  static override helpPlace = { group: 'Confirm, undo, stop managing', position: 4 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override synonyms = ['unmanage', 'detach'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> red-blue --yes',
    {
      description: 'Only one resource, which another program manages now',
      command: '<%= config.bin %> <%= command.id %> red-blue --resource netns:red --yes',
    },
  ];
  static override args = labArgument;
  static override flags = {
    resource: Flags.string({
      summary: 'Forget only this resource; netform show --json lists the ids.',
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
