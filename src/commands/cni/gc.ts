import { NetformCommand } from '../../cli/base-command.ts';
import { runFlags } from '../../cli/flags.ts';
import { EXIT } from '../../model/error.ts';
import type { LeakedAttachment } from '../../pipeline/tools/cni-attachments.ts';

export default class CniGc extends NetformCommand {
  static override summary = 'Free what leaked CNI attachments hold.';
  static override description =
    'Lists the attachments that netform made, that no lab has, and whose namespace is gone or is of another boot. With --yes calls DEL of their plugins, and takes away their addresses and chains. Attachments of other programs are theirs. Exits 10 when there are some and --yes is not given.';
  static override helpPlace = { group: 'Container networks', position: 5 } as const;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --yes'];
  static override flags = runFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(CniGc);
    const { freeLeaks, listLeaks } = await import('../../pipeline/tools/cni-attachments.ts');
    const session = await this.openSession();
    if (!flags.yes) {
      const leaks = await listLeaks(session);
      const text =
        leaks.length === 0 ? 'Nothing is leaked.\n' : `${leakLines(leaks)}netform cni gc --yes frees what they hold.\n`;
      const exitCode = leaks.length === 0 ? EXIT.done : EXIT.changes;
      return this.respond({ findings: null, json: { leaked: leaks.map(leakJson) }, text, exitCode });
    }
    const { freed, problems } = await freeLeaks(session, flags['lock-timeout'] * 1000);
    for (const problem of problems) this.printWarning(problem);
    const text = freed.length === 0 ? 'Nothing was freed.\n' : `Freed:\n${leakLines(freed)}`;
    const exitCode = problems.length === 0 ? EXIT.done : EXIT.rollbackIncomplete;
    this.respond({ findings: null, json: { freed: freed.map(leakJson) }, text, exitCode });
  }
}

const leakLines = (leaks: readonly LeakedAttachment[]): string =>
  leaks.map(({ attachment: { network, netns, dev }, lost }) => `  ${netns}:${dev} on ${network}: ${lost}\n`).join('');

const leakJson = ({ attachment: { network, netns, dev }, lost }: LeakedAttachment) => ({
  network,
  interface: `${netns}:${dev}`,
  reason: lost,
});
