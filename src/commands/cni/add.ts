import { NetformCommand } from '../../cli/base-command.ts';
import { attachmentArguments, cniFlags, lockFlag } from '../../cli/flags.ts';

export default class CniAdd extends NetformCommand {
  static override summary = 'Attach a namespace to a CNI network.';
  static override description =
    "Calls ADD of the network's plugins, as a container runtime does, for a namespace that is there, and gives the result. When a plugin fails, DEL is called for all of them. netform cni del undoes it. Labs attach interfaces with cni: NET in their files.";
  static override helpPlace = { group: 'Container networks', position: 2 } as const;
  static override completes = { network: 'files', interface: 'namespaces' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %> mynet pod1',
    '<%= config.bin %> <%= command.id %> ./10-mynet.conflist pod1:net1 --json',
  ];
  static override args = attachmentArguments;
  static override flags = { ...lockFlag, ...cniFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CniAdd);
    const { addAttachment, cniTarget } = await import('../../pipeline/tools/cni-attachments.ts');
    const target = cniTarget(args.network, args.interface);
    const lockTimeoutMs = flags['lock-timeout'] * 1000;
    const { findings, result } = await addAttachment(await this.openSession(), target, lockTimeoutMs);
    const text = `${JSON.stringify(result, null, 2)}\n`;
    this.respond({ findings, json: { interface: `${target.netns}:${target.dev}`, result }, text });
  }
}
