import type { LinkKinds } from '../../../model/link-kind.ts';
import type { FeatureValues, TopologyNetns } from '../../../model/topology.ts';
import {
  childCursor,
  namedEntries,
  readBoolean,
  type SourceCursor,
  type SourceDiagnosticReporter,
  withPath,
} from '../../cursor.ts';
import type { NetnsCursors, TopologyReaders } from '../../topology-readers.ts';
import { readBridges } from '../bridge.ts';
import { readInterfaces } from '../interface.ts';
import { readNetnsLabels } from '../labels/labels.ts';
import { checkName } from '../name.ts';
import { readNeighbours } from '../neighbour.ts';
import { readRoutes } from '../route/route.ts';
import { readRules } from '../rule/rule.ts';
import { readSysctlEntries } from '../sysctl.ts';
import { readContainer } from './container.ts';

type NetnsReaders = Pick<TopologyReaders, 'features' | 'linkKinds'>;

/** The entries under `namespaces`, with what each feature has in them. */
export function readNamespaces(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  { features, linkKinds }: NetnsReaders,
): readonly TopologyNetns[] {
  return namedEntries(node).map(({ name, node }) => {
    checkName(node, report, 'namespace');
    return {
      name,
      at: node.path,
      ...readNetnsLabels(node, report),
      ...readSharedSections(node, report, linkKinds),
      ...readOwnSections(node, report, { of: 'namespace', linkKinds }),
      features: readNetnsFeatures({ shared: node, own: node, isHost: false }, report, features),
    };
  });
}

/** The machine: what stands at top level, and what stands under `host`. */
export function readHost(
  root: SourceCursor,
  report: SourceDiagnosticReporter,
  { features, linkKinds }: NetnsReaders,
): TopologyNetns {
  const node = childCursor(root, 'host');
  return {
    name: 'host',
    at: node.path,
    labels: {},
    project: null,
    ...readSharedSections(root, report, linkKinds),
    ...readOwnSections(node, report, { of: 'host', linkKinds }),
    features: readNetnsFeatures({ shared: root, own: node, isHost: true }, report, features),
  };
}

const readNetnsFeatures = (
  at: NetnsCursors,
  report: SourceDiagnosticReporter,
  features: TopologyReaders['features'],
): FeatureValues =>
  Object.fromEntries(features.flatMap(({ name, read }) => (read.netns ? [[name, read.netns(at, report)]] : [])));

/** Reads the keys that mean the same at top level and inside a namespace. */
function readSharedSections(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  linkKinds: LinkKinds,
): Pick<TopologyNetns, 'bridges' | 'routes'> {
  return {
    bridges: readBridges(childCursor(node, 'bridges'), report, linkKinds),
    routes: readRoutes(childCursor(node, 'routes'), report),
  };
}

type NamespaceOwnSections = Omit<
  TopologyNetns,
  'name' | 'at' | 'labels' | 'project' | 'bridges' | 'routes' | 'features'
>;

function readOwnSections(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  { of, linkKinds }: { readonly of: 'namespace' | 'host'; readonly linkKinds: LinkKinds },
): NamespaceOwnSections {
  const forwarding = childCursor(node, 'forwarding');
  return {
    interfaces: readInterfaces(childCursor(node, 'interfaces'), report, linkKinds),
    rules: readRules(childCursor(node, 'rules'), report),
    neighbours: readNeighbours(childCursor(node, 'neighbours'), report),
    forwarding: withPath(forwarding, readBoolean(forwarding)),
    container: of === 'host' ? null : readContainer(childCursor(node, 'container'), report),
    sysctls: readSysctlEntries(childCursor(node, 'sysctls'), report, of),
  };
}
