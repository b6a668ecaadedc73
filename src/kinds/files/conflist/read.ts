import { isJsonObject } from '../../../model/json.ts';
import type { TopologyFile } from '../../../model/topology.ts';
import {
  childCursor,
  namedEntries,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  withPath,
} from '../../../source/cursor.ts';
import { checkName } from '../../../source/normalise/name.ts';

/** The entries under `cni`: word for word, but for the name that is filled in and the file that is taken out. */
export function readConflists(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyFile[] {
  return namedEntries(node).map(({ name, node }) => {
    checkName(node, report, 'pool');
    const { file: _, cniVersion, ...rest } = isJsonObject(node.value) ? node.value : {};
    const file = childCursor(node, 'file');
    const content = { ...(cniVersion === undefined ? {} : { cniVersion }), name, ...rest };
    return { kind: 'conflist', name, at: node.path, file: withPath(file, readString(file)), content };
  });
}
