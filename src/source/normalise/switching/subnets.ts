import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../../model/json.ts';
import type { TopologyGateway, TopologySplit, TopologySubnet, TopologyValue } from '../../../model/topology.ts';
import {
  childCursor,
  listItems,
  namedEntries,
  nonNull,
  readInteger,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../cursor.ts';
import { readNetwork } from '../address.ts';
import { readAddressRefOrSelector } from '../labels/selector.ts';
import { checkName, readAddressOrRef } from '../name.ts';

/** The entries under `subnets`; the short form is the CIDR. */
export function readSubnets(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologySubnet[] {
  return namedEntries(node).map(({ name, node }) => {
    checkName(node, report, 'pool');
    const cidrs = listItems(isJsonObject(node.value) ? childCursor(node, 'cidr') : node);
    return {
      name,
      at: node.path,
      cidrs: nonNull(cidrs.map((item) => readNetwork(item, report, 'refused'))),
      gateway: readGateways(childCursor(node, 'gateway'), report),
      ...readSplit(childCursor(node, 'split'), report),
    };
  });
}

function readSplit(node: SourceCursor, report: SourceDiagnosticReporter): { readonly split?: TopologySplit } {
  if (!isJsonObject(node.value)) return {};
  const among = listItems(childCursor(node, 'among'));
  const lengths = listItems(childCursor(node, 'prefix'));
  return {
    split: {
      at: node.path,
      lengths: nonNull(lengths.map((item) => withPath(item, readInteger(item)))),
      among: nonNull(among.map((item) => withPath(item, readAddressRefOrSelector(item, report)))),
    },
  };
}

/** Where default routes go: addresses and names, or `none`. */
export function readGateways(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologyValue<TopologyGateway>[] {
  const written = listItems(node);
  const none = written.find((item) => item.value === 'none');
  if (none && written.length > 1) {
    report(
      makeDiagnostic('bad-value', valueOfCursor(none), '"none" stands beside gateways', {
        hint: 'leave one of them out',
      }),
    );
  }
  return nonNull(
    written.map((item) =>
      withPath<TopologyGateway>(item, item.value === 'none' ? { none: true } : readAddressOrRef(item, report)),
    ),
  );
}
