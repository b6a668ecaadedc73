import { isJsonObject } from '../../../model/json.ts';
import type { TopologyAttachment } from '../../../model/lab-parts/topology-attachment.ts';
import {
  childCursor,
  listItems,
  namedEntries,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  withPath,
} from '../../cursor.ts';
import { readInterfaceAddress } from './interface-address.ts';

/** `cni` of an interface with its `args`. Null: neither is written. `args` without `cni` is a mistake of the schema. */
export function readAttachment(node: SourceCursor, report: SourceDiagnosticReporter): TopologyAttachment | null {
  const at = childCursor(node, 'cni');
  const network = withPath(at, readString(at));
  if (network === null) return null;
  const args = childCursor(node, 'args');
  const entries = isJsonObject(args.value) ? namedEntries(args) : [];
  const ips = listItems(childCursor(args, 'ips')).map((item) => readInterfaceAddress(item, report));
  return {
    at: at.path,
    network,
    ips: nonNull(ips),
    args: entries.flatMap(({ name, node: { value, path } }) =>
      name === 'ips' || value === undefined ? [] : [{ name, value, at: path }],
    ),
  };
}
