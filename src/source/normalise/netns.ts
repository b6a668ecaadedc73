import type { TopologyNetns } from '../../model/topology.ts';
import {
  childCursor,
  namedEntries,
  readBoolean,
  type SourceCursor,
  type SourceDiagnosticReporter,
  withPath,
} from '../cursor.ts';
import { readBridges } from './bridge.ts';
import { readDns } from './dns.ts';
import { readForwards, readPublish } from './forward.ts';
import { readInterfaces } from './interface.ts';
import { checkName } from './name.ts';
import { readNat } from './nat.ts';
import { readNeighbours } from './neighbour.ts';
import { readRoutes } from './route.ts';
import { readRules } from './rule.ts';
import { readSysctlEntries } from './sysctl.ts';

export function readNamespaces(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyNetns[] {
  return namedEntries(node).map(({ name, node }) => {
    checkName(node, report, 'namespace');
    return { name, at: node.path, ...readSharedSections(node, report), ...readOwnSections(node, report, 'namespace') };
  });
}

/** The machine: what stands at top level, and what stands under `host`. */
export function readHost(root: SourceCursor, report: SourceDiagnosticReporter): TopologyNetns {
  const node = childCursor(root, 'host');
  return { name: 'host', at: node.path, ...readSharedSections(root, report), ...readOwnSections(node, report, 'host') };
}

/** What means the same at top level and inside a namespace. */
function readSharedSections(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): Pick<TopologyNetns, 'bridges' | 'routes' | 'nat' | 'forwards'> {
  return {
    bridges: readBridges(childCursor(node, 'bridges'), report),
    routes: readRoutes(childCursor(node, 'routes'), report),
    nat: readNat(childCursor(node, 'nat'), report),
    forwards: readForwards(childCursor(node, 'portForwards'), report),
  };
}

type NamespaceOwnSections = Omit<TopologyNetns, 'name' | 'at' | 'bridges' | 'routes' | 'nat' | 'forwards'>;

function readOwnSections(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  of: 'namespace' | 'host',
): NamespaceOwnSections {
  const forwarding = childCursor(node, 'forwarding');
  return {
    interfaces: readInterfaces(childCursor(node, 'interfaces'), report),
    rules: readRules(childCursor(node, 'rules'), report),
    neighbours: readNeighbours(childCursor(node, 'neighbours'), report),
    forwarding: withPath(forwarding, readBoolean(forwarding)),
    sysctls: readSysctlEntries(childCursor(node, 'sysctls'), report, of),
    publish: of === 'host' ? [] : readPublish(childCursor(node, 'publish'), report),
    dns: readDns(childCursor(node, 'dns'), report),
  };
}
