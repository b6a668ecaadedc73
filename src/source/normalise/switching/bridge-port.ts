import type { LinkKind } from '../../../model/link-kind.ts';
import type { TopologyPort } from '../../../model/topology.ts';
import { childCursor, listItems, nonNull, type SourceCursor, type SourceDiagnosticReporter } from '../../cursor.ts';
import { readLinkOptions } from '../link-options.ts';
import { readVlanRef } from './vlan-ref.ts';

/** What stands under `port` at an interface; null: nothing. `kind`: that of bridges. */
export function readBridgePort(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  kind: LinkKind,
): TopologyPort | null {
  if (node.value === undefined || node.value === null) return null;
  const trunk = childCursor(node, 'trunk');
  return {
    at: node.path,
    values: readLinkOptions({ name: kind.name, fields: kind.ports?.fields ?? {} }, node, report).values,
    access: readVlanRef(childCursor(node, 'access'), report, 'refused'),
    trunk:
      trunk.value === undefined ? null : nonNull(listItems(trunk).map((item) => readVlanRef(item, report, 'allowed'))),
    native: readVlanRef(childCursor(node, 'native'), report, 'refused'),
  };
}
