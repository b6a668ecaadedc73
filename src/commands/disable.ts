import { NetformCommand } from '../cli/base-command.ts';
import { labArgument, lockFlag } from '../cli/flags.ts';

export default class Disable extends NetformCommand {
  static override summary = 'Have a lab no longer come back at boot.';
  static override description =
    'Undoes netform enable: the unit of the lab is disabled, and with the last one the unit files that enable wrote are removed. The lab itself stays as it is.';
  static override helpPlace = { group: 'Labs that come back', position: 2 } as const;
  static override completes = { lab: 'labs-or-topologies' } as const;
  static override examples = ['<%= config.bin %> <%= command.id %> red-blue'];
  static override args = labArgument;
  static override flags = { ...lockFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Disable);
    const { disableLab } = await import('../pipeline/boot/enable-lab.ts');
    const { lab, wasEnabled } = await disableLab(
      await this.openSession(),
      args.lab ?? null,
      flags['lock-timeout'] * 1000,
    );
    const text = wasEnabled
      ? `${lab} no longer comes back at boot. The lab itself stays as it is.\n`
      : `Nothing to do: ${lab} is not enabled.\n`;
    this.respond({ findings: null, json: { lab, wasEnabled }, text });
  }
}
