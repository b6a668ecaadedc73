import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { labRun } from '../topology.ts';

/** A file of a namespace in a top folder that the machine does not have. */
export const fileWithoutFolder: MachineCheck = {
  name: 'file-without-folder',
  code: 'NF3071',
  title: 'No folder in which a file can be seen',
  explain:
    'A file under `files` that the machine does not have is seen in a read-only overlay over the nearest folder that exists, so that the machine gets nothing. That cannot be the root: every program would have to be started in another one.',
  bad: `
namespaces:
  red: { files: { /no-such-folder/app.conf: { content: "port = 80" } } }
`,
  good: `
namespaces:
  red: { files: { /etc/no-such-folder/app.conf: { content: "port = 80" } } }
`,
  query: (lab) => topFolders(lab).map((key) => ({ need: 'folder', key }) as const),
  find: (lab, live) =>
    labRun(lab).files.flatMap(({ path, at }) => {
      const top = topFolder(path);
      if (top !== null && live.get({ need: 'folder', key: top }) === true) return [];
      const message = top === null ? `${path} would be seen in the root itself` : `this machine has no ${top}`;
      const hint = `put it into a folder of a folder that there is, such as /etc${path}, or make ${top ?? 'a folder'}`;
      return [makeDiagnostic('file-without-folder', atKey(at), message, { hint })];
    }),
};

/** `/srv` of `/srv/www/index.html`; null: the file would be in the root. */
const topFolder = (path: string): string | null => /^(\/[^/]+)\//.exec(path)?.[1] ?? null;

const topFolders = (lab: Parameters<typeof labRun>[0]): readonly string[] => [
  ...new Set(labRun(lab).files.flatMap(({ path }) => topFolder(path) ?? [])),
];
