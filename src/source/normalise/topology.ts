import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Json } from '../../model/json.ts';
import type { Topology } from '../../model/topology.ts';
import { LAB_NAME_LENGTH } from '../../net/name.ts';
import { childCursor, readString, type SourceCursor, type SourceDiagnosticReporter, valueOfCursor } from '../cursor.ts';
import type { TopologyReaders } from '../topology-readers.ts';
import { readCables } from './cable.ts';
import { readProjects } from './labels/labels.ts';
import { nameHint, nameProblem } from './name.ts';
import { readHost, readNamespaces } from './netns/netns.ts';
import { readSubnets } from './switching/subnets.ts';

/**
 * The file as it was meant: short forms written out, addresses in canonical text, references split. Values of a wrong
 * type are passed over (the schema's errors say so), those with wrong content are left out and reported.
 */
export function normaliseTopology(
  value: Json,
  readers: TopologyReaders,
): {
  readonly topology: Topology;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const report: SourceDiagnosticReporter = (diagnostic) => diagnostics.push(diagnostic);
  const root: SourceCursor = { value, path: [] };
  const topology: Topology = {
    name: readLabName(childCursor(root, 'name'), report),
    at: { name: ['name'] },
    subnets: readSubnets(childCursor(root, 'subnets'), report),
    host: readHost(root, report, readers),
    namespaces: readNamespaces(childCursor(root, 'namespaces'), report, readers),
    projects: readProjects(childCursor(root, 'projects'), report),
    ...readCables(childCursor(root, 'links'), report),
    files: readers.files.flatMap((read) => read(root, report)),
    features: Object.fromEntries(
      readers.features.flatMap(({ name, read }) => (read.lab ? [[name, read.lab(root, report)]] : [])),
    ),
  };
  return { topology, diagnostics };
}

function readLabName(node: SourceCursor, report: SourceDiagnosticReporter): string {
  const name = readString(node);
  if (name === null) return '';
  const long = name.length > LAB_NAME_LENGTH;
  const message = long
    ? `the name of the lab has ${name.length} characters; at most ${LAB_NAME_LENGTH} are allowed`
    : nameProblem(name);
  if (message)
    report(
      makeDiagnostic('bad-name', valueOfCursor(node), message, {
        hint: long ? `write ${name.slice(0, LAB_NAME_LENGTH)}` : nameHint(name),
      }),
    );
  return name;
}
