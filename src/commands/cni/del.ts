import { NetformCommand } from '../../cli/base-command.ts';
import { attachmentArguments, cniFlags, lockFlag } from '../../cli/flags.ts';

export default class CniDel extends NetformCommand {
  static override summary = 'Detach what netform cni add attached.';
  static override description =
    'Calls DEL of the plugins with what ADD was called with, also when the namespace is gone. After the last attachment of a network what its plugins left is taken away: a bridge without ports, the folder of addresses, chains. An attachment of a lab is refused.';
  static override helpPlace = { group: 'Container networks', position: 4 } as const;
  static override completes = { network: 'anything', interface: 'namespaces' } as const;
  static override examples = ['<%= config.bin %> <%= command.id %> mynet pod1'];
  static override args = attachmentArguments;
  static override flags = { ...lockFlag, ...cniFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CniDel);
    const { cniTarget, deleteAttachment } = await import('../../pipeline/tools/cni-attachments.ts');
    const target = cniTarget(args.network, args.interface);
    await deleteAttachment(await this.openSession(), target, flags['lock-timeout'] * 1000);
    const end = `${target.netns}:${target.dev}`;
    this.respond({ findings: null, json: { interface: end }, text: `${end} is detached.\n` });
  }
}
