import { Args } from '@oclif/core';
import { integerFlag } from '../../cli/flags.ts';
import { ImportCommand, importFlags } from '../../cli/import-command.ts';

export default class ImportScript extends ImportCommand {
  static override summary = 'Run a script in a throwaway machine, and describe what it built.';
  static override description =
    'For scripts of ip, brctl, ifconfig, iptables, nft and sysctl commands, as in tutorials. The script runs as root in mount, network and PID namespaces of its own: /run, /etc, /var/lib, /tmp and /root are private, everything else is read-only, and all of it is discarded when the script ends. That keeps a lab script from changing this machine; it does not contain a malicious script. Other networks cannot be reached, and sudo is not needed. The script runs to its end, or for --timeout seconds.';
  static override helpPlace = { group: 'Import from elsewhere', position: 2 } as const;
  static override completes = { script: 'files' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %> lab.sh',
    '<%= config.bin %> <%= command.id %> lab.sh --name red-blue -o red-blue.yaml',
    '<%= config.bin %> <%= command.id %> - --timeout 10 --json < lab.sh',
  ];
  static override args = {
    script: Args.string({
      name: 'SCRIPT',
      description: 'The script; - reads it from standard input.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    timeout: integerFlag({
      summary: 'How long the script may run.',
      helpValue: 'SECONDS',
      default: 60,
      min: 1,
      max: 3600,
    }),
    ...importFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ImportScript);
    const { importFromScript } = await import('../../pipeline/import/import-script.ts');
    const imported = await importFromScript(await this.openSession(), args.script, {
      name: flags.name ?? null,
      seconds: flags.timeout,
    });
    await this.respondToImport(imported, flags);
  }
}
