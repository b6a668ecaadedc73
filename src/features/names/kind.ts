import { defineBlockKind } from '../../kinds/define-block-kind.ts';
import { hostsFilesId } from '../../model/ids.ts';
import { describeNameFiles } from './describe.ts';
import { hostNameClaims, hostsLinesBuilder, nameFileLines } from './file-lines.ts';
import { nameFilesOf } from './name-files.ts';

/** The lab's lines in the name files of one namespace, or of the machine. */
export const nameFiles = defineBlockKind({
  name: 'names',
  blocks: (lab) => {
    const linesOf = hostsLinesBuilder();
    return nameFilesOf(lab).map((files) => ({
      id: hostsFilesId(files.netns),
      netns: files.netns,
      files: nameFileLines(files, linesOf),
      at: files.at,
    }));
  },
  describe: describeNameFiles,
  exclusive: ({ files }, netns) => (netns === 'host' ? hostNameClaims(files['/etc/hosts'] ?? []) : []),
});
