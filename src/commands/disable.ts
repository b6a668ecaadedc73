import { Flags } from '@oclif/core';
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
  static override flags = {
    reconcile: Flags.string({
      summary: 'Instead of a lab: have no unit run netform reconcile NAME.',
      helpValue: 'NAME',
    }),
    ...lockFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Disable);
    if (flags.reconcile !== undefined) return this.disableReconcile(flags.reconcile, flags['lock-timeout'] * 1000);
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

  private async disableReconcile(name: string, lockTimeoutMs: number): Promise<void> {
    const { disableReconcile } = await import('../pipeline/boot/enable-reconcile.ts');
    const { wasEnabled } = await disableReconcile(await this.openSession(), name, lockTimeoutMs);
    const text = wasEnabled
      ? `netform reconcile ${name} no longer runs by itself. Its labs stay as they are.\n`
      : `Nothing to do: no unit runs netform reconcile ${name}.\n`;
    this.respond({ findings: null, json: { name, wasEnabled }, text });
  }
}
