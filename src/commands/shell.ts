import { Args } from '@oclif/core';
import { jsonFlag, NetformCommand } from '../cli/base-command.ts';

export default class Shell extends NetformCommand {
  static override summary = 'Open a shell inside a namespace.';
  static override description =
    'Starts $SHELL, or sh, with the name of the namespace before its prompt and in NETFORM_NAMESPACE. Hosts, resolv.conf and /sys are those of the namespace, as with netform exec; the host name is still that of this machine. Leave with exit or Ctrl-D.';
  static override helpPlace = { group: 'Work inside namespaces', position: 2 } as const;
  static override completes = { namespace: 'namespaces' } as const;
  static override synonyms = ['attach', 'enter', 'console', 'ssh', 'login'];
  static override examples = [
    '<%= config.bin %> <%= command.id %> red',
    {
      description: 'Run the lines of a script',
      command: 'echo "ip address; ping -c1 blue" | <%= config.bin %> <%= command.id %> red',
    },
  ];
  static override args = {
    namespace: Args.string({
      name: 'NAMESPACE',
      description: 'A namespace of this machine; host is the machine itself.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override baseFlags = {
    ...NetformCommand.baseFlags,
    ...jsonFlag('Report errors as JSON; what the shell prints stays as it is.'),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Shell);
    const { openShell } = await import('../pipeline/tools/shell.ts');
    openShell(await this.openOfflineSession(), args.namespace);
  }
}
