import { Args, Flags } from '@oclif/core';
import { importFlags, NetformCommand } from '../../cli/base-command.ts';

export default class ImportScript extends NetformCommand {
  static override summary = 'Run a script in a throwaway machine, and describe what it built as a topology.';
  static override description =
    'For scripts of ip, brctl, ifconfig, iptables, nft and sysctl lines, as tutorials have them. The script runs as root in mounts, a network and processes of its own: /run, /etc, /var/lib, /tmp and /root are private, the rest can only be read, and all of it ends with the script. That keeps a lab script from changing this machine; it is no sandbox for a script that means harm. There is no way out to other networks, and sudo is not needed. The script runs to its end, or for --timeout seconds.';
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
    timeout: Flags.integer({
      summary: 'How long the script may take.',
      helpValue: 'SECONDS',
      default: 60,
      min: 1,
      max: 3600,
    }),
    ...importFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ImportScript);
    const { importFromScript } = await import('../../pipeline/import/import-topology.ts');
    const imported = await importFromScript(await this.openSession(), args.script, {
      name: flags.name ?? null,
      seconds: flags.timeout,
    });
    await this.respondToImport(imported, flags);
  }
}
