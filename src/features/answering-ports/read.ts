import type { SourceCursor, SourceDiagnosticReporter } from '../../source/cursor.ts';
import { readAnsweredPorts } from '../../source/normalise/netns/answered-ports.ts';
import type { TopologyAnswers } from './topology.ts';

/** `answers` of a namespace; null: none is written. */
export function readAnswers(node: SourceCursor, report: SourceDiagnosticReporter): TopologyAnswers | null {
  if (node.value === undefined || node.value === null) return null;
  return { at: node.path, ports: readAnsweredPorts(node, report) };
}
