import type { TopologyDiagnostics } from '../model/diagnostics/diagnostic-file.ts';
import type { Spec } from '../model/json.ts';
import { printTopology } from '../source/print-yaml.ts';
import type { OfflineSession } from './session.ts';
import { toTopologyDiagnostics } from './topology/diagnostics.ts';
import { resolveOffline, type TopologyRequest } from './topology/resolve.ts';

/** Every mistake in a topology that shows without looking at the machine. */
export const validateTopology = ({ progress }: OfflineSession, request: TopologyRequest): TopologyDiagnostics =>
  toTopologyDiagnostics(resolveOffline(progress, request));

/** A topology with its includes, ranges, variables and defaults written out; null: it cannot be read. */
export type ExpandedTopology = {
  readonly findings: TopologyDiagnostics;
  readonly expanded: { readonly topology: Spec; readonly text: string } | null;
};

/** What the topology says when everything in it is written out, with its mistakes. */
export function expandTopologyFile({ progress }: OfflineSession, request: TopologyRequest): ExpandedTopology {
  const draft = resolveOffline(progress, request);
  const topology = draft.source.expanded;
  const expanded = topology && { topology, text: printTopology(topology, []) };
  return { findings: toTopologyDiagnostics(draft), expanded };
}
