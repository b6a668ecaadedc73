import { Args } from '@oclif/core';
import { NetformCommand } from '../../cli/base-command.ts';
import { cniPathFlag } from '../../cli/flags.ts';
import type { CniFolder } from '../../pipeline/tools/cni-lint.ts';

export default class CniLint extends NetformCommand {
  static override summary = 'Check network configurations of container runtimes.';
  static override description =
    'Reads a .conflist, .conf or .json, or all of a folder, and reports every mistake, also against the plugins of this machine: those that are missing, and those that do not support the cniVersion. Of a folder it says which file the kubelet would use, and why. Exits 0 when there are no errors, 3 when there are.';
  static override helpPlace = { group: 'Container networks', position: 1 } as const;
  static override completes = { file: 'files' } as const;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> 10-mynet.conflist',
    '<%= config.bin %> <%= command.id %> /etc/cni/net.d --json',
  ];
  static override args = {
    file: Args.string({
      name: 'FILE|FOLDER',
      description: 'A network configuration, or a folder of them; - reads standard input.',
      default: '/etc/cni/net.d',
      ignoreStdin: true,
    }),
  };
  static override flags = cniPathFlag;

  async run(): Promise<void> {
    const { args } = await this.parse(CniLint);
    const { lintConflists } = await import('../../pipeline/tools/cni-lint.ts');
    const { files, folder } = lintConflists(await this.openSession(), args.file);
    const checked = files.map(({ file }) => file);
    const valid = folder === null ? `${checked[0]} is valid\n` : '';
    // Also of a folder with errors.
    if (folder !== null) this.printChoice(folderText(folder));
    this.respondToFiles(files, {
      findings: null,
      json: { files: checked, ...(folder ? { folder } : {}) },
      text: valid,
    });
  }

  private printChoice(text: string): void {
    if (this.isJson()) for (const line of text.trimEnd().split('\n')) this.printWarning(line);
    else process.stdout.write(text);
  }
}

function folderText({ path, first, firstUsable, ignored }: CniFolder): string {
  const others = ignored.length === 0 ? '' : `Never read, for their endings: ${ignored.join(', ')}.\n`;
  if (first === null)
    return `${path} has no .conf, .conflist or .json: the kubelet reports its network as not ready.\n${others}`;
  const pick = `The kubelet uses ${first}: of .conf, .conflist and .json the first by name.\n`;
  const broken = firstUsable === null ? 'CRI-O has none that it could use' : `CRI-O takes ${firstUsable}`;
  const failing =
    first === firstUsable ? '' : `It cannot be used as it is: containerd does not go on to the next file; ${broken}.\n`;
  return `${pick}${failing}${others}`;
}
