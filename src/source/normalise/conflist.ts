import type { Conflist } from '../../model/topology.ts';
import { at, child, entries, isRecord, type Node, type Report, text } from '../node.ts';
import { checkName } from './name.ts';

/** The entries under `cni`: word for word, but for the name that is filled in and the file that is taken out. */
export function readConflists(node: Node, report: Report): readonly Conflist[] {
  return entries(node).map(({ name, node }) => {
    checkName(node, report, 'pool');
    const { file: _, cniVersion, ...rest } = isRecord(node.value) ? node.value : {};
    const file = child(node, 'file');
    const content = { ...(cniVersion === undefined ? {} : { cniVersion }), name, ...rest };
    return { name, at: node.path, file: at(file, text(file)), content };
  });
}
