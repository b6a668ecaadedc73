import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { labRun } from '../topology.ts';

/** A file of a namespace whose bytes are to come from a file that cannot be read. */
export const unreadableSource: MachineCheck = {
  name: 'unreadable-source',
  code: 'NF3072',
  title: 'File whose bytes cannot be read',
  explain:
    '`from` names the file whose bytes programs see, beside the topology or by its whole path. It is read when the lab is planned and applied, not when it is validated.',
  bad: `
namespaces:
  red: { files: { /etc/motd: { from: no-such-file.txt } } }
`,
  good: `
namespaces:
  red: { files: { /etc/motd: { content: "hello" } } }
`,
  query: (lab) => labRun(lab).sources.map(({ value: key }) => ({ need: 'file', key }) as const),
  find: (lab, live) =>
    labRun(lab)
      .sources.filter(({ value: key }) => live.get({ need: 'file', key }) === null)
      .map(({ value, at }) =>
        makeDiagnostic('unreadable-source', atValue(at), `${value} cannot be read`, {
          hint: 'from is a path beside the topology, or a whole one',
        }),
      ),
};
