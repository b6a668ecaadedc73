import { Flags } from '@oclif/core';
import { NetformCommand } from '../cli/base-command.ts';
import { fileArgument, runFlags, toTopologyRequest, variableFlags } from '../cli/flags.ts';
import { EXIT } from '../model/error.ts';

type ReconcileFlags = {
  readonly yes: boolean;
  readonly now: boolean;
  readonly watch: boolean;
  readonly 'lock-timeout': number;
};

export default class Enable extends NetformCommand {
  static override summary = 'Have a lab come back at boot.';
  static override description =
    'Has systemd apply the file at each boot, after the network, Docker and firewalls are up, and undo what was left half-done before. Where the file cannot be read or has mistakes then, netform applies its copy of what was applied last, with the files that it names. Writes unit files unless a package brought them, and shows them first. The lab is not changed now; --now applies it, too. Without systemd it says what the init of the machine has to call.';
  static override helpPlace = { group: 'Labs that come back', position: 1 } as const;
  static override completes = { file: 'labs-or-topologies' } as const;
  static override synonyms = ['autostart', 'install-service'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> lab.yaml',
    '<%= config.bin %> <%= command.id %> lab.yaml --now --yes',
  ];
  static override args = {
    file: { ...fileArgument.file, description: 'The topology, or the name of a lab of this machine.' },
  };
  static override flags = {
    ...variableFlags,
    now: Flags.boolean({ summary: 'Apply it now, too; of a reconcile: begin now.' }),
    reconcile: Flags.string({
      summary: 'Instead of a lab: have a timer run netform reconcile NAME, at boot and a minute after each run.',
      helpValue: 'NAME',
    }),
    watch: Flags.boolean({
      summary: 'With --reconcile: in place of the timer a service that sleeps until something changes.',
      dependsOn: ['reconcile'],
    }),
    ...runFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Enable);
    if (flags.reconcile !== undefined) return this.enableReconcile(flags.reconcile, flags);
    const { enableLab } = await import('../pipeline/boot/enable-lab.ts');
    const { agreeToEnable, enableText } = await import('../report/dialog/enable.ts');
    const session = await this.openSession();
    const { status, proposal, findings } = await enableLab(session, toTopologyRequest(args, flags), {
      agree: flags.yes || this.isJson() ? async () => true : agreeToEnable,
      lockTimeoutMs: flags['lock-timeout'] * 1000,
    });
    const exitCode = status === 'declined' ? EXIT.usage : EXIT.done;
    const json = { status, ...(proposal === null ? {} : { ...proposal }) };
    if (flags.now && status === 'done' && proposal !== null) await this.bootNow(proposal.lab, flags['lock-timeout']);
    this.respond({ findings, json, text: proposal === null ? '' : enableText(proposal, status), exitCode });
  }

  private async enableReconcile(name: string, flags: ReconcileFlags): Promise<void> {
    const { enableReconcile } = await import('../pipeline/boot/enable-reconcile.ts');
    const { agreeToEnable, enabledReconcileText } = await import('../report/dialog/enable.ts');
    const enabled = await enableReconcile(await this.openSession(), name, {
      agree: flags.yes || this.isJson() ? async () => true : (one) => agreeToEnable({ ...one, lab: one.name }),
      since: flags.now ? 'now' : 'boot',
      how: flags.watch ? 'watch' : 'reconcile',
      lockTimeoutMs: flags['lock-timeout'] * 1000,
    });
    const exitCode = enabled.status === 'declined' ? EXIT.usage : EXIT.done;
    this.respond({ findings: null, json: { ...enabled }, text: enabledReconcileText(enabled, flags.watch), exitCode });
  }

  private async bootNow(lab: string, lockSeconds: number): Promise<void> {
    const { bootLabs } = await import('../pipeline/boot/boot-labs.ts');
    const { bootText, quietRun } = await import('../report/dialog/boot.ts');
    const booted = await bootLabs(await this.openSession(), { lab, waitMs: 0 }, quietRun(lockSeconds * 1000));
    for (const one of booted) this.printWarning(bootText(one));
  }
}
