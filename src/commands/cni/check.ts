import { NetformCommand } from '../../cli/base-command.ts';
import { attachmentArguments, cniFlags } from '../../cli/flags.ts';
import { EXIT } from '../../model/error.ts';

export default class CniCheck extends NetformCommand {
  static override summary = 'Check an interface that CNI plugins made.';
  static override description =
    'Looks at the link, its addresses and routes and the files of host-local, and calls CHECK of the plugins whose answer can be trusted. It may be of a lab, or of netform cni add. Exits 0 when all is as the plugins made it, 6 when it is not.';
  static override helpPlace = { group: 'Container networks', position: 3 } as const;
  static override completes = { network: 'anything', interface: 'namespaces' } as const;
  static override examples = ['<%= config.bin %> <%= command.id %> mynet pod1'];
  static override args = attachmentArguments;
  static override flags = cniFlags;

  async run(): Promise<void> {
    const { args } = await this.parse(CniCheck);
    const { checkAttachment, cniTarget } = await import('../../pipeline/tools/cni-attachments.ts');
    const target = cniTarget(args.network, args.interface);
    const problem = await checkAttachment(await this.openSession(), target);
    const end = `${target.netns}:${target.dev}`;
    const text = problem === null ? `${end} is as its plugins made it.\n` : `${end}: ${problem}.\n`;
    const exitCode = problem === null ? EXIT.done : EXIT.drift;
    this.respond({ findings: null, json: { interface: end, problem }, text, exitCode });
  }
}
